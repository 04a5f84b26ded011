import type { Definition } from './definition.js'
import type { Exemplars } from './exemplars.js'
import type { Slices } from '../state/slices.js'
import type { Store } from './store.js'

/**
 * All that an exposition knows about a metric. What a series' numbers mean is the type's: a counter's and a gauge's one
 * value (NaN is "not set yet"); a histogram's counts by bucket, not cumulative, the last one above every bound,
 * then the sum, then its native part, see native.ts; a summary's count and sum.
 */
export interface Family {
  readonly definition: Definition
  readonly store: Store
  readonly exemplars?: Pick<Exemplars, 'get'> | undefined
  /** Brings the values up to date before they are read; false leaves the metric out of this scrape. Never throws or rejects. */
  collect?(timeoutMs: number): boolean | Promise<boolean>
  /** Whether `collect` failed when it last ended, or was found to go on for longer than it may. */
  readonly hasFailed?: boolean
  /** Takes out series that were not touched for longer than the definition's `ttlMs`. */
  expire?(slices: Slices): Promise<void>
  /** The limit of series may be another. */
  makeRoom?(): void
  /** Puts series where the redaction policy has their labels now. */
  screen?(slices: Slices): Promise<void>
}
