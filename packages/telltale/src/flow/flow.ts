import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import type { Level } from '../log/levels.js'
import { levelNumber } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { slot } from '../state/state.js'
import { type Carrier, readCarrier } from './carrier.js'
import { type Flow, FlowHandle } from './handle.js'
import { type Declaration, FlowRun } from './run.js'

const log = loggerNamed('flow')

const validName = /^[a-z][a-z0-9_]{0,63}$/

/** A flow declared once and run often: its steps are known, so progress is `2/3` and an unknown step doesn't compile. */
export interface DeclaredFlow<Step extends string> {
  <T>(fn: (flow: Flow<Step>) => T | Promise<T>): Promise<T>
  <T>(fields: object, fn: (flow: Flow<Step>) => T | Promise<T>): Promise<T>
}

export interface FlowOptions<Step extends string> {
  /** Every step, in the order in which they usually run. */
  readonly steps: readonly Step[]
  /** Milliseconds past which a step is said to be stalled. */
  readonly expectMs?: { readonly [step in Step]?: number }
  /** The level of the event at each step's end; default `debug`. */
  readonly stepLevel?: Level
}

interface FlowFunction {
  <T>(name: string, fn: (flow: Flow) => T | Promise<T>): Promise<T>
  <T>(name: string, fields: object, fn: (flow: Flow) => T | Promise<T>): Promise<T>
  /**
   * Declares a flow. Throws a TypeError for a name that is not snake_case of up to 64 characters, no steps, a step named
   * twice or a limit for a step that is not declared.
   *
   * @example
   * const retake = flow.define('retake', { steps: ['load_completed', 'clear_answers'], expectMs: { clear_answers: 500 } })
   * await retake({ user_id }, async (f) => f.step('clear_answers', () => clear(user_id)))
   */
  define<const Step extends string>(name: string, options: FlowOptions<Step>): DeclaredFlow<Step>
  /**
   * Goes on with a flow that another process has handed off: the same `flow_id`, steps counted on, the duration from its
   * first start. `carrier` is what `handOff()` gave, or its JSON. With one that can't be followed the flow starts anew and
   * says so, `<name>_flow_carrier_refused`. Resolves and rejects as `fn` does.
   *
   * @example
   * worker.on('message', ({ carrier, id }) => flow.resume(retake, carrier, (f) => f.step('enable_retake', () => enable(id))))
   */
  resume<Step extends string, T>(
    flow: DeclaredFlow<Step>,
    carrier: Carrier | string,
    fn: (flow: Flow<Step>) => T | Promise<T>,
  ): Promise<T>
  resume<T>(name: string, carrier: Carrier | string, fn: (flow: Flow) => T | Promise<T>): Promise<T>
}

/**
 * Runs a multi-step operation whose every signal carries one `flow_id`, and says how far it got: `<name>_flow_started`,
 * then `_flow_completed` or `_flow_failed` with all steps. Resolves and rejects as `fn` does.
 *
 * @example
 * await flow('retake', { user_id }, async (f) => {
 *   const answers = await f.step('load_completed', () => loadCompleted(id))
 *   await f.step('clear_answers', () => clear(answers), { attempts: 3 })
 * })
 */
export const flow: FlowFunction = Object.assign(runFlow, { define, resume })

function runFlow<T>(name: string, ...args: Arguments<T>): Promise<T> {
  return start(isName(name) ? name : repaired(name), {}, args)
}

type Arguments<T> =
  [fn: (flow: Flow) => T | Promise<T>] | [fields: object, fn: (flow: Flow) => T | Promise<T>]

function start<T>(name: string, declaration: Declaration, args: Arguments<T>): Promise<T> {
  const [fields, fn] = args.length === 1 ? [undefined, args[0]] : args
  if (typeof fn !== 'function') return refused(`flow("${name}")`, fn)
  return run(new FlowRun(name, declaration, fields), name, 'started', fn)
}

async function run<T>(
  flowRun: FlowRun,
  name: string,
  begun: 'started' | 'resumed',
  fn: (flow: Flow) => T | Promise<T>,
): Promise<T> {
  const handle = new FlowHandle(name, flowRun)
  flowRun.begin(begun)
  try {
    const result = await flowRun.enter(fn, handle)
    flowRun.complete()
    return result
  } catch (error) {
    flowRun.fail(error)
    throw error
  } finally {
    // Holds the handle as long as there is anything to wait for, whether `fn` does or not.
    flowRun.handle = handle
  }
}

/** There is nothing to run, and nothing to tell of. */
function refused(call: string, fn: unknown): Promise<never> {
  return Promise.reject(new TypeError(`${call}: the last argument must be a function, got ${show(fn)}.`))
}

const declared = slot(
  'flow.declared',
  () => new WeakMap<object, { readonly name: string; readonly declaration: Declaration }>(),
)

function resume<T>(
  which: DeclaredFlow<string> | string,
  carrier: unknown,
  fn: (flow: Flow) => T | Promise<T>,
): Promise<T> {
  const known = typeof which === 'function' ? declared.get(which) : undefined
  const name = known?.name ?? (isName(which) ? which : repaired(which))
  const declaration = known?.declaration ?? {}
  if (typeof fn !== 'function') return refused(`flow.resume("${name}")`, fn)
  const carried = readCarrier(carrier, name, declaration.steps?.length)
  if (typeof carried !== 'string')
    return run(new FlowRun(name, declaration, undefined, carried), name, 'resumed', fn)
  return run(new FlowRun(name, declaration, undefined), name, 'started', (handle) => {
    log.warning(`${name}_flow_carrier_refused`, { flow: name, reason: carried })
    return fn(handle)
  })
}

function isName(name: unknown): name is string {
  return typeof name === 'string' && validName.test(name)
}

// A flow started under a bad name still runs: only definitions, made once at start, may throw.
function repaired(name: unknown): string {
  const given = show(name)
  const words = (typeof name === 'object' ? '' : given)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+/, '')
    .slice(0, 64)
    .replace(/_+$/, '')
  const good = words === '' ? 'flow' : words
  reportOnce(
    `flow ${good}`,
    `flow(): the name ${JSON.stringify(given)} is not snake_case; it is written as "${good}".`,
  )
  return good
}

function define<const Step extends string>(name: string, options: FlowOptions<Step>): DeclaredFlow<Step> {
  const at = `flow.define(${typeof name === 'string' ? JSON.stringify(name) : show(name)})`
  if (!isName(name)) {
    throw new TypeError(
      `${at}: a flow's name is snake_case, a letter first, 64 characters at most: ${validName.source}`,
    )
  }
  const { steps, expectMs, stepLevel, ...others } = options ?? {}
  for (const option of Object.keys(others)) {
    throw new TypeError(`${at}: ${option} is not an option; there are steps, expectMs and stepLevel.`)
  }
  if (!Array.isArray(steps) || steps.length === 0 || !steps.every((step) => typeof step === 'string')) {
    throw new TypeError(`${at}: steps must be a list of at least one step name, got ${show(steps)}.`)
  }
  const twice = steps.find((step, index) => steps.indexOf(step) !== index)
  if (twice !== undefined) throw new TypeError(`${at}: the step "${twice}" is listed twice.`)
  for (const [step, ms] of Object.entries(expectMs ?? {})) {
    if (!steps.includes(step as Step)) {
      throw new TypeError(
        `${at}: expectMs names "${step}", which is not among the steps ${steps.join(', ')}.`,
      )
    }
    if (typeof ms !== 'number' || !(ms > 0)) {
      throw new TypeError(
        `${at}: expectMs.${step} must be a number of milliseconds above 0, got ${show(ms)}.`,
      )
    }
  }
  if (stepLevel !== undefined && levelNumber(stepLevel) === undefined) {
    throw new TypeError(`${at}: stepLevel must be a level such as debug or info, got ${show(stepLevel)}.`)
  }
  const declaration = { ...options, steps: [...steps] }
  const run = (...args: Arguments<never>): Promise<never> => start(name, declaration, args)
  declared.set(run, { name, declaration })
  return run
}
