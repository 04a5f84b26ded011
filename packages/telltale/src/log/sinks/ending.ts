import { slot } from '../../state/state.js'
import { exitWaitMs } from './patience.js'
import type { Sink } from './sink.js'

interface Ending {
  /** By the monotonic clock; undefined while the process goes on. */
  deadline: number | undefined
  /** When it is over at the latest, where a drain has waited already. */
  latest: number | undefined
  /** The event loop has nothing more to do: what is put off to a later turn would begin it anew, for ever. */
  idle: boolean
  /** All sinks that may hold lines, those too whose destinations are no longer configured. */
  readonly living: Set<LivingSink>
}

/** A sink whose destination may be full. */
export interface LivingSink extends Sink {
  readonly name: string
  /** Resolves when nothing waits any more, or nothing more can be expected. */
  settle(): Promise<void>
}

export const ending = slot<Ending>('log.ending', () => ({
  deadline: undefined,
  latest: undefined,
  idle: false,
  living: new Set(),
}))

/** From here on every line goes out at once, and all waiting for destinations together ends at one time. */
export function beginToEnd(): number {
  return (ending.deadline ??= Math.min(performance.now() + exitWaitMs, ending.latest ?? Infinity))
}
