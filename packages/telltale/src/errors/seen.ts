import { slot } from '../state/state.js'

const seen = slot('errors.seen', () => new WeakSet<object>())

/** True the first time an error object is asked about; the one who gets true writes it in full. */
export function firstSight(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return true
  if (seen.has(error)) return false
  seen.add(error)
  return true
}
