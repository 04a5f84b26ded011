import { slot } from '../state/state.js'

const seen = slot('errors.seen', () => new WeakSet<object>())

/** Whether the one who looks leaves a mark; `report`: sees every error as if for the first time, and with its frames. */
let looking: 'log' | 'aside' | 'report' = 'log'

/** Runs `act` without any error being seen by it: what it writes is for one reader, not for the log. */
export function withoutSeeing<T>(act: () => T): T {
  return lookingAs('aside', act)
}

/** Runs `act` for a report: every error is written in full, with its frames, and none is seen by it. */
export function forReport<T>(act: () => T): T {
  return lookingAs('report', act)
}

export function isForReport(): boolean {
  return looking === 'report'
}

/** True the first time an error object is asked about; the one who gets true writes it in full. */
export function firstSight(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || looking === 'report') return true
  if (seen.has(error)) return false
  if (looking === 'log') seen.add(error)
  return true
}

function lookingAs<T>(as: typeof looking, act: () => T): T {
  const before = looking
  looking = as
  try {
    return act()
  } finally {
    looking = before
  }
}
