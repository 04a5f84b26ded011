import { slot } from '../state/state.js'

const seen = slot('errors.seen', () => new WeakSet<object>())

let looking = false

/** Runs `act` without any error being seen by it: what it writes is for one reader, not for the log. */
export function withoutSeeing<T>(act: () => T): T {
  const before = looking
  looking = true
  try {
    return act()
  } finally {
    looking = before
  }
}

/** True the first time an error object is asked about; the one who gets true writes it in full. */
export function firstSight(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return true
  if (seen.has(error)) return false
  if (!looking) seen.add(error)
  return true
}
