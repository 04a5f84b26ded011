import { scopes } from '../context/scope.js'
import { gauge } from '../metrics/gauge.js'
import { slot } from '../state/state.js'
import { Check } from './check.js'
import { type CheckFunction, type CheckOptions, checkSettings, given } from './options.js'
import { phase } from './phase.js'

const checks = slot('health.checks', () => new Map<string, Check>())
const running = slot('health.running', () => ({ on: false }))
/** Whether all that the start waits for has been there once; reports ask and say. */
export const start = slot('health.start', () => ({ isOver: false }))

const maxChecks = 100

const up = gauge('health_check_up', {
  help: 'Whether a health check passes (1) or not (0), as readiness sees it.',
  labels: { check: String },
  // Of several processes: one that fails is not hidden by those that don't.
  merge: 'min',
  collect: () => {
    for (const check of checks.values())
      if (check.checkedAt !== null) up.set({ check: check.name }, check.status === 'ok' ? 1 : 0)
  },
})

export const health = {
  /**
   * Registers a check of something the service depends on. It runs in the background from `setup()` on; readiness
   * reports its last answer. Registering a name again replaces the check: what the former has said holds until the first answer
   * of the new one. A critical check that is new holds readiness until it has answered. Throws a TypeError for bad arguments, a RangeError from
   * the 101st name on. Returns what takes the check back.
   *
   * @example
   * health.check('database', () => pool.query('select 1'), { timeoutMs: 1000 })
   */
  check(name: string, fn: CheckFunction, options: CheckOptions = {}): () => void {
    if (typeof name !== 'string' || name === '')
      throw new TypeError(
        `health.check(): the first argument must be a name, a string that is not empty, got ${given(name)}.`,
      )
    if (typeof fn !== 'function')
      throw new TypeError(
        `health.check(${JSON.stringify(name)}): the second argument must be a function, got ${given(fn)}.`,
      )
    const settings = checkSettings(name, options)
    if (checks.size >= maxChecks && !checks.has(name)) {
      throw new RangeError(
        `health.check(${JSON.stringify(name)}): there are ${maxChecks} checks already: use one name for each dependency.`,
      )
    }
    const former = checks.get(name)
    former?.stop()
    const check = new Check(name, fn, settings, former)
    checks.set(name, check)
    if (running.on) startOutside(check)
    return () => {
      check.stop()
      if (checks.get(name) !== check) return
      checks.delete(name)
      up.remove({ check: name })
    }
  },
}

/** The checks of one group, in the order in which they were registered. */
export function checksOf(group: string): Check[] {
  return [...checks.values()].filter(({ settings }) => settings.groups.includes(group))
}

/**
 * Begins the background runs; called by setup(), or by the first probe where there was none. A probe of a process that
 * drains or has shut down begins nothing: nobody would stop it.
 */
export function startChecks(): void {
  if (running.on || phase.draining) return
  running.on = true
  start.isOver = false
  for (const check of checks.values()) {
    check.forget()
    startOutside(check)
  }
}

export function stopChecks(): void {
  running.on = false
  for (const check of checks.values()) check.stop()
}

// A check must not take on the context of the request that happened to register or wake it; nor run before the code that
// registers it goes on, which may only now make what it asks.
function startOutside(check: Check): void {
  scopes.exit(() =>
    queueMicrotask(() => {
      if (running.on && checks.get(check.name) === check) check.start()
    }),
  )
}
