import { scopes } from '../context/scope.js'
import { slot } from '../state/state.js'
import { Check, type CheckFunction, type CheckOptions } from './check.js'
import { phase } from './phase.js'

const checks = slot('health.checks', () => new Map<string, Check>())
const running = slot('health.running', () => ({ on: false, started: false }))

const maxChecks = 100
const known = ['critical', 'timeoutMs', 'intervalMs']

export const health = {
  /**
   * Registers a check of something the service depends on. It runs in the background from `setup()` on; readiness
   * reports its last answer. Registering a name again replaces the check. Throws a TypeError for bad arguments.
   *
   * @example
   * health.check('database', () => pool.query('select 1'), { timeoutMs: 1000 })
   */
  check(name: string, fn: CheckFunction, options: CheckOptions = {}): void {
    if (typeof name !== 'string' || name === '')
      throw new TypeError(`health.check(): the name must be a string.`)
    if (typeof fn !== 'function')
      throw new TypeError(`health.check("${name}"): the second argument must be a function.`)
    for (const option of Object.keys(options)) {
      if (!known.includes(option)) {
        throw new TypeError(
          `health.check("${name}"): ${option} is not an option; there are ${known.join(', ')}.`,
        )
      }
    }
    for (const option of ['timeoutMs', 'intervalMs'] as const) {
      const ms = options[option]
      if (ms !== undefined && !(typeof ms === 'number' && ms > 0 && ms < 2 ** 31)) {
        throw new TypeError(
          `health.check("${name}"): ${option} must be a number of milliseconds above 0, got ${String(ms)}.`,
        )
      }
    }
    if (checks.size >= maxChecks && !checks.has(name)) {
      throw new RangeError(
        `health.check("${name}"): there are ${maxChecks} checks already; one name a dependency is meant.`,
      )
    }
    checks.get(name)?.stop()
    const check = new Check(name, fn, options)
    checks.set(name, check)
    if (running.on) startOutside(check)
  },
}

export function allChecks(): IterableIterator<Check> {
  return checks.values()
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

/** True once every critical check has answered, and from then on. */
export function hasStarted(): boolean {
  running.started ||= [...checks.values()].every((check) => !check.critical || check.checkedAt !== null)
  return running.started
}

// A check must not take on the context of the request that happened to register or wake it.
function startOutside(check: Check): void {
  scopes.exit(() => check.start())
}
