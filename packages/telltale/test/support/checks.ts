import { stopChecks } from '../../src/health/checks.js'
import type { Check } from '../../src/health/check.js'
import { phase } from '../../src/health/phase.js'
import { state } from './slots.js'

/** The registered check of this name. */
export function checkNamed(name: string): Check {
  const check = state<Map<string, Check>>('health.checks').get(name)
  if (check === undefined) throw new Error(`There is no check ${name}.`)
  return check
}

/** Ends all checks, and the process is again one that has not started. */
export function forgetChecks(): void {
  stopChecks()
  state<Map<string, Check>>('health.checks').clear()
  state<{ isOver: boolean }>('health.start').isOver = false
  phase.draining = false
}
