import { Scope, scopes } from '../context/scope.js'
import { ownFields } from '../encode/fields.js'
import { debug, error as errorLevel, info, levelNumber, type Level, warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { slot } from '../state/state.js'
import { hexId } from '../trace/ids.js'
import { flowDuration, flowsInProgress, type Outcome, stepDuration } from './metrics.js'
import { watchStall } from './stall.js'

const log = loggerNamed('flow')
const maxSummary = 64

/** What a flow's closing event says of each step. */
interface StepSummary {
  step: string
  outcome: 'running' | 'completed' | 'failed'
  duration_ms: number
  attempts: number
}

interface Step {
  readonly summary: StepSummary
  readonly startedAt: number
}

export interface StepOptions {
  /** How often the step is tried before its failure is the flow's; default 1. */
  readonly attempts?: number
  /** The wait before the second attempt, doubled for each further one; default 100. */
  readonly backoffMs?: number
  /** Past this many milliseconds the step is said to be stalled; default: what the declaration says, else never. */
  readonly expectMs?: number
}

/** The handle given to a flow's function. `Step` is the union of declared step names. */
export interface Flow<Step extends string = string> {
  /** The name and 12 hex digits, as every signal inside the flow carries it. */
  readonly id: string
  readonly name: string
  /**
   * Runs one step: its own span, its duration, an event at its end. Resolves to what `fn` returns; rejects with what the
   * last attempt threw. Steps may run in parallel.
   */
  step<T>(name: Step, fn: () => T | Promise<T>, options?: StepOptions): Promise<T>
}

export interface Declaration {
  readonly steps?: readonly string[]
  readonly expectMs?: Readonly<Record<string, number | undefined>>
  readonly stepLevel?: Level
}

const open = slot('flow.open', () => new Set<FlowRun>())

/** Flows that have started and not ended, oldest first. */
export function openFlows(): Iterable<FlowRun> {
  return open
}

export class FlowRun implements Flow {
  readonly id: string
  readonly scope: Scope
  private readonly startedAt = performance.now()
  private readonly steps: Step[] = []
  private stepCount = 0
  private completedSteps = 0
  private lastStep: string | undefined
  private ended = false

  constructor(
    readonly name: string,
    private readonly declaration: Declaration,
    fields: object | undefined,
  ) {
    const parent = scopes.getStore()
    this.id = `${name}-${hexId(6)}`
    const ids = { ...parent?.ids, flowId: this.id, spanId: hexId(8) }
    this.scope = new Scope(
      parent,
      'flow',
      { ...ids, traceId: ids.traceId ?? hexId(16) },
      fields ? ownFields(fields) : undefined,
    )
  }

  async run<T>(fn: (flow: Flow) => T | Promise<T>): Promise<T> {
    open.add(this)
    flowsInProgress.inc({ flow: this.name })
    const total = this.declaration.steps?.length
    this.raise(info, 'started', { flow: this.name, steps_declared: total })
    try {
      const result = await scopes.run(this.scope, fn, this)
      this.end('completed', info, {})
      return result
    } catch (error) {
      this.end('failed', errorLevel, { error })
      throw error
    }
  }

  /** The process ends before the flow does. */
  interrupt(): void {
    this.end('interrupted', warning, {})
  }

  step<T>(name: string, fn: () => T | Promise<T>, options: StepOptions = {}): Promise<T> {
    const index = ++this.stepCount
    const summary: StepSummary = { step: name, outcome: 'running', duration_ms: 0, attempts: 0 }
    const startedAt = performance.now()
    if (this.steps.length < maxSummary) this.steps.push({ summary, startedAt })
    this.lastStep = name
    const above = scopes.getStore() ?? this.scope
    const parent = above.flow === this.scope ? above : this.scope
    const scope = new Scope(
      parent,
      'fields',
      { ...parent.ids, spanId: hexId(8) },
      { step: name, step_index: index },
    )
    return scopes.run(scope, () => this.attempt(summary, startedAt, scope, fn, options))
  }

  private async attempt<T>(
    summary: StepSummary,
    startedAt: number,
    scope: Scope,
    fn: () => T | Promise<T>,
    options: StepOptions,
  ): Promise<T> {
    const attempts = Math.max(1, options.attempts ?? 1)
    const expectMs = options.expectMs ?? this.declaration.expectMs?.[summary.step]
    const stall = watchStall(expectMs, (age) =>
      this.raise(warning, 'stalled', { age_ms: age, expect_ms: expectMs, progress: this.progress() }, scope),
    )
    try {
      for (;;) {
        summary.attempts++
        try {
          const result = await fn()
          this.stepDone(summary, scope, startedAt)
          return result
        } catch (error) {
          const retry = summary.attempts < attempts
          this.stepFailed(summary, scope, startedAt, error, retry)
          if (!retry) throw error
          await wait((options.backoffMs ?? 100) * 2 ** (summary.attempts - 1))
        }
      }
    } finally {
      stall?.stop()
      stepDuration.observe({ flow: this.name, step: summary.step }, (performance.now() - startedAt) / 1000)
    }
  }

  private stepDone(summary: StepSummary, scope: Scope, startedAt: number): void {
    summary.outcome = 'completed'
    summary.duration_ms = since(startedAt)
    this.completedSteps++
    const level = levelNumber(this.declaration.stepLevel ?? 'debug') ?? debug
    const fields = { flow: this.name, outcome: 'completed', progress: this.progress(), ...timing(summary) }
    log.raise(level, `${this.name}_flow_step`, fields, scope)
  }

  private stepFailed(
    summary: StepSummary,
    scope: Scope,
    startedAt: number,
    error: unknown,
    retry: boolean,
  ): void {
    summary.outcome = 'failed'
    summary.duration_ms = since(startedAt)
    const fields = {
      outcome: 'failed',
      progress: this.progress(),
      ...timing(summary),
      will_retry: retry,
      error,
    }
    this.raise(warning, 'step_failed', fields, scope)
  }

  private end(outcome: Outcome, level: number, fields: object): void {
    if (this.ended) return
    this.ended = true
    open.delete(this)
    flowsInProgress.dec({ flow: this.name })
    flowDuration.observe({ flow: this.name, outcome }, (performance.now() - this.startedAt) / 1000)
    this.raise(level, outcome, {
      duration_ms: since(this.startedAt),
      progress: this.progress(),
      last_step: this.lastStep,
      steps: this.steps.map(summed),
      ...fields,
    })
  }

  private progress(): string | undefined {
    const total = this.declaration.steps?.length
    return total === undefined ? undefined : `${this.completedSteps}/${total}`
  }

  private raise(level: number, what: string, fields: object, scope = this.scope): void {
    log.raise(level, `${this.name}_flow_${what}`, { flow: this.name, ...fields }, scope)
  }
}

/** As of now: a step that is still running has come to its age. */
function summed({ summary, startedAt }: Step): StepSummary {
  return summary.outcome === 'running' ? { ...summary, duration_ms: since(startedAt) } : summary
}

function timing(summary: StepSummary): object {
  return { duration_ms: summary.duration_ms, attempts: summary.attempts }
}

function since(startedAt: number): number {
  return Math.round((performance.now() - startedAt) * 1000) / 1000
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
