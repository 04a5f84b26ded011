import { scopes } from '../context/scope.js'
import { gauge } from '../metrics/gauge.js'
import { show } from '../self/show.js'
import { slot } from '../state/state.js'
import { Check } from './check.js'
import { type CheckFunction, type CheckOptions, checkSettings } from './options.js'
import { phase } from './phase.js'

const checks = slot('health.checks', () => new Map<string, Check>())
const running = slot('health.running', () => ({ on: false }))

const maxChecks = 100

gauge('health_check_up', {
  help: 'Whether a health check passes (1) or not (0), as readiness sees it.',
  labels: { check: String },
  // Of several processes: one that fails is not hidden by those that don't.
  merge: 'min',
  collect: (up) => {
    for (const check of checks.values())
      if (check.checkedAt !== null) up.set({ check: check.name }, check.status === 'ok' ? 1 : 0)
  },
})

export const health = {
  /**
   * Registers a check of something the service depends on. It runs in the background from `setup()` on; readiness
   * reports its last answer. Registering a name again replaces the check. Throws a TypeError for bad arguments, a RangeError from
   * the 101st name on.
   *
   * @example
   * health.check('database', () => pool.query('select 1'), { timeoutMs: 1000 })
   */
  check(name: string, fn: CheckFunction, options: CheckOptions = {}): void {
    if (typeof name !== 'string' || name === '')
      throw new TypeError(
        `health.check(): the first argument must be a name, a string that is not empty, got ${show(name)}.`,
      )
    if (typeof fn !== 'function')
      throw new TypeError(
        `health.check(${JSON.stringify(name)}): the second argument must be a function, got ${show(fn)}.`,
      )
    const settings = checkSettings(name, options)
    if (checks.size >= maxChecks && !checks.has(name)) {
      throw new RangeError(
        `health.check(${JSON.stringify(name)}): there are ${maxChecks} checks already; one name a dependency is meant.`,
      )
    }
    checks.get(name)?.stop()
    const check = new Check(name, fn, settings)
    checks.set(name, check)
    if (running.on) startOutside(check)
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
  for (const check of checks.values()) startOutside(check)
}

export function stopChecks(): void {
  running.on = false
  for (const check of checks.values()) check.stop()
}

// A check must not take on the context of the request that happened to register or wake it.
function startOutside(check: Check): void {
  scopes.exit(() => check.start())
}
