import type { Family } from '../family.js'
import type { Bytes } from './bytes.js'

/** One way to write metrics. */
export interface Format {
  readonly contentType: string
  /** Writes a family, pausing between series as often as it can be interrupted. A family without series writes nothing. */
  family(out: Bytes, family: Family): Iterable<void>
  /** What stands behind the last family. */
  readonly end: string
}
