import { currentScope, enter, idsWithin, Scope } from '../context/scope.js'
import { ownFields } from '../encode/fields.js'
import { asError } from '../errors/record.js'
import { debug, error as errorLevel, info, type Level, levelNumber, warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { reportFailure } from '../log/report.js'
import { show } from '../self/show.js'
import { primitives } from '../trace/attributes.js'
import { hexId } from '../trace/ids.js'
import { Operation, type Surroundings } from '../trace/operation.js'
import { screenedName } from '../trace/finish.js'
import { type AttributeValue, type Described, type Description, Failure } from '../trace/span.js'
import { type Carried, type Carrier, carrierOf } from './carrier.js'
import { flowDuration, flowsInProgress, type Outcome } from './metrics.js'
import { closed, type FlowStanding, opened, type OpenFlow, stalling } from './open.js'
import { type StepOptions, Steps } from './step.js'
import { type FlowOfStep, StepRun } from './step-run.js'

const log = loggerNamed('flow')
const maxReason = 256

export interface Declaration {
  readonly steps?: readonly string[]
  readonly expectMs?: Readonly<Record<string, number | undefined>>
  readonly stepLevel?: Level
}

/**
 * A flow under way. It knows nothing of the handle that its function has: that one's end tells that the flow was lost.
 */
export class FlowRun implements OpenFlow, FlowOfStep, Described {
  readonly id: string
  readonly name: string
  movedAt = performance.now()
  nextStallMs = stalling.afterMs
  handle: object | undefined
  readonly #declaration: Declaration
  readonly #startedAt = this.movedAt
  /** Milliseconds that it took before, in other processes. */
  readonly #before: number
  readonly #operation: Operation
  readonly #scope: Scope
  readonly #steps: Steps
  readonly #parentId: string | undefined
  #outcome: Outcome | 'handed_off' | undefined
  #isHandedOff = false
  readonly #running = new Set<StepRun>()

  constructor(name: string, declaration: Declaration, fields: object | undefined, carried?: Carried) {
    const above = currentScope()
    this.name = name
    this.#declaration = declaration
    this.id = carried?.id ?? `${name}-${hexId(6)}`
    this.#before = carried === undefined ? 0 : Date.now() - carried.startedAt
    this.#steps = new Steps(declaration.steps, carried?.begun ?? 0, carried?.done ?? 0)
    this.#parentId = carried === undefined ? above?.flow?.ids.flowId : undefined
    this.#operation = Operation.begun(surroundings(above, carried), 'internal', name)
    const parent = this.#parentId === undefined ? undefined : { parent_flow_id: this.#parentId }
    this.#scope = new Scope(
      above,
      'flow',
      idsWithin(above?.ids, this.#operation.ids, this.id),
      fields === undefined || fields === null ? parent : ownFields({ ...parent, ...ownFields(fields) }),
    )
    this.#scope.trace = this.#operation.trace
    this.#scope.otel = this.#operation.context
  }

  begin(what: 'started' | 'resumed'): void {
    opened(this)
    flowsInProgress.inc({ flow: this.name })
    this.raise(info, what, {
      steps_declared: this.#declaration.steps?.length,
      step_index: what === 'resumed' ? this.#steps.begun : undefined,
    })
  }

  /** Runs `fn` as the flow's own. */
  enter<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R {
    return enter(this.#scope, fn, ...args)
  }

  complete(): void {
    if (this.#isHandedOff) this.#end('handed_off', info, {})
    else this.#end('completed', info, {})
  }

  fail(error: unknown): void {
    this.#end('failed', errorLevel, { error: asError(error) }, { error })
  }

  interrupt(): void {
    this.#end('interrupted', warning, {})
  }

  /** Nobody can finish it any more. */
  lose(): void {
    this.#end('lost', warning, { reason: 'nothing can finish it: what it waits for was given up' })
  }

  set(fields: object): void {
    if (typeof fields === 'object' && fields !== null) this.#scope.bind(fields)
  }

  handOff(): Carrier {
    this.#isHandedOff = true
    const startedAt = Date.now() - (performance.now() - this.#startedAt) - this.#before
    return carrierOf(this.name, this.id, this.#steps, startedAt, this.#operation.ids)
  }

  skip(step: string, why: unknown): void {
    const summary = this.#steps.begin(textOf(step))
    const reason = why === undefined ? undefined : textOf(why).slice(0, maxReason)
    summary.outcome = 'skipped'
    summary.reason = reason
    this.#steps.passed(summary.step)
    this.movedAt = performance.now()
    const fields = { step: summary.step, step_index: this.#steps.begun, outcome: 'skipped', reason }
    this.raise(this.#stepLevel(), 'step', { ...fields, progress: this.#steps.progress })
  }

  step<T>(name: string, fn: () => T | Promise<T>, options: StepOptions): Promise<T> {
    const summary = this.#steps.begin(textOf(name))
    const index = this.#steps.begun
    this.movedAt = performance.now()
    const current = currentScope()
    const isInside = current?.flow === this.#scope
    const parent = isInside ? current : this.#scope
    const { ids, trace } = parent
    // Called from elsewhere, in a listener of what all share, say, it is the flow's all the same.
    const above = isInside ? current : { ids, trace, context: this.#operation.context }
    const operation = Operation.within(above, 'internal', `${this.name} ${summary.step}`)
    const scope = new Scope(parent, 'fields', idsWithin(parent.ids, operation.ids, this.id), {
      step: summary.step,
      step_index: index,
    })
    scope.otel = operation.context
    const step = new StepRun(this, summary, index, scope, operation)
    this.#running.add(step)
    return enter(scope, () => step.run(fn, options))
  }

  stepPassed(step: string, fields: object, scope: Scope): void {
    this.#steps.passed(step)
    const { progress } = this
    this.raise(this.#stepLevel(), 'step', { outcome: 'completed', progress, ...fields }, scope)
  }

  stepFailed(timing: object, error: unknown, willRetry: boolean, scope: Scope): void {
    const { progress } = this
    const fields = { outcome: 'failed', progress, ...timing, will_retry: willRetry, error: asError(error) }
    this.raise(warning, 'step_failed', fields, scope)
    if (!willRetry) this.#report('step_failed', fields, error, scope)
  }

  stepEnded(step: StepRun): void {
    this.#running.delete(step)
    this.movedAt = performance.now()
    this.nextStallMs = stalling.afterMs
  }

  expectMs(step: string): number | undefined {
    return this.#declaration.expectMs?.[step]
  }

  /** `2/3` where the flow is declared. */
  get progress(): string | undefined {
    return this.#steps.progress
  }

  raise(level: number, what: string, fields: object, scope = this.#scope): void {
    log.raise(level, `${this.name}_flow_${what}`, { flow: this.name, ...fields }, scope)
  }

  describe(): Description {
    const { progress, last } = this.#steps
    const own: Record<string, AttributeValue> = { flow: this.name, flow_id: this.id }
    if (this.#outcome !== undefined) own['outcome'] = this.#outcome
    if (progress !== undefined) own['progress'] = progress
    if (last !== undefined) own['last_step'] = screenedName(last)
    return { name: this.name, own, given: primitives(this.#scope.ownFields) }
  }

  get request(): Scope | undefined {
    const { request } = this.#scope
    return request?.ended === true ? undefined : request
  }

  standing(): FlowStanding {
    const { progress, last } = this.#steps
    const [oldest] = this.#running
    return {
      flow: this.name,
      age_ms: Math.round(this.#before + performance.now() - this.#startedAt),
      step: oldest?.name,
      step_index: oldest?.index,
      step_age_ms: oldest?.ageMs,
      steps_running: this.#running.size > 1 ? this.#running.size : undefined,
      last_step: oldest === undefined ? last : undefined,
      progress,
      steps_declared: this.#declaration.steps?.length,
      parent_flow_id: this.#parentId,
      request_id: this.request?.ids.requestId,
      trace_id: this.#scope.ids.traceId,
    }
  }

  sayStalled(ageMs: number): void {
    // What has a limit of its own says so by itself.
    for (const step of this.#running) if (step.hasLimit) return
    const { progress, last } = this.#steps
    this.raise(warning, 'stalled', { age_ms: ageMs, progress, last_step: last })
  }

  #end(outcome: Outcome | 'handed_off', level: number, fields: object, failed?: { error: unknown }): void {
    if (this.#outcome !== undefined) return
    this.#outcome = outcome
    closed(this)
    const isGood = outcome === 'completed' || outcome === 'handed_off'
    for (const step of this.#running) step.outlived(isGood ? undefined : outcome)
    const { progress, last } = this.#steps
    const endedAt = performance.now()
    const ms = endedAt - this.#startedAt
    flowsInProgress.dec({ flow: this.name })
    if (outcome !== 'handed_off')
      flowDuration.observe({ flow: this.name, outcome }, (this.#before + ms) / 1000)
    const all = {
      duration_ms: Math.round((this.#before + ms) * 1000) / 1000,
      progress,
      last_step: last,
      steps: this.#steps.summaries(),
      steps_begun: this.#steps.unlisted ? this.#steps.begun : undefined,
      ...fields,
    }
    this.raise(level, outcome, all)
    if (failed !== undefined) this.#report(outcome, all, failed.error, this.#scope)
    if (!isGood) this.#operation.fail()
    const failure = isGood ? undefined : (failed?.error ?? new Failure(outcome))
    this.#operation.end(this, this.#startedAt, endedAt, failure)
  }

  #stepLevel(): number {
    return levelNumber(this.#declaration.stepLevel ?? 'debug') ?? debug
  }

  #report(what: string, fields: object, error: unknown, scope: Scope): void {
    const event = `${this.name}_flow_${what}`
    reportFailure({
      source: log,
      scope,
      level: errorLevel,
      event,
      fields: { flow: this.name, ...fields },
      error,
    })
  }
}

/** A flow that was handed on continues the trace in which it began. */
function surroundings(above: Scope | undefined, carried: Carried | undefined): Surroundings | undefined {
  if (carried?.parent === undefined) return above
  const { traceId, parentId, sampled } = carried.parent
  return { ids: { traceId, spanId: parentId, sampled }, trace: undefined, isRemote: true }
}

function textOf(step: unknown): string {
  return typeof step === 'string' ? step : show(step)
}
