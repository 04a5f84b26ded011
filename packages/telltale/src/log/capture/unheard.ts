import { AsyncLocalStorage } from 'node:async_hooks'
import { slot } from '../../state/state.js'

/** While console calls are captured. */
export const capturing = slot('log.capturing', () => ({
  /** How many captures are on. */
  count: 0,
  /** How many captures of warnings are on. */
  warnings: 0,
  /** Set where console calls come from the log itself, and in all that is begun there. */
  inside: new AsyncLocalStorage<true>(),
}))

/**
 * Runs what belongs to the log, a sink or a processor: its console calls, those it makes later too, are printed as if
 * nothing was captured, so that a line never leads to another one. Costs a comparison where nothing is captured.
 */
export function unheard<T>(act: () => T): T {
  return capturing.count === 0 ? act() : capturing.inside.run(true, act)
}
