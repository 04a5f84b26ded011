import type { Scope } from '../context/scope.js'
import { warning } from '../log/levels.js'
import { screenedName } from '../trace/finish.js'
import type { Operation } from '../trace/operation.js'
import { type Described, type Description, Failure } from '../trace/span.js'
import { stepDuration } from './metrics.js'
import { watchStall } from './stall.js'
import { backoff, since, type StepOptions, type StepSummary } from './step.js'

/** The flow of a step, as the step sees it. */
export interface FlowOfStep {
  readonly id: string
  readonly name: string
  readonly progress: string | undefined
  expectMs(step: string): number | undefined
  /** An attempt failed: the last one, unless it is tried again. */
  stepFailed(fields: object, error: unknown, willRetry: boolean, scope: Scope): void
  stepPassed(step: string, fields: object, scope: Scope): void
  stepEnded(step: StepRun): void
  raise(level: number, what: string, fields: object, scope: Scope): void
}

/** A step under way: its attempts, its time, its span. */
export class StepRun implements Described {
  readonly #flow: FlowOfStep
  readonly #summary: StepSummary
  readonly index: number
  readonly #scope: Scope
  readonly #operation: Operation
  readonly #startedAt = performance.now()
  #stall: { stop(): void } | undefined
  #hasSpan = false

  constructor(flow: FlowOfStep, summary: StepSummary, index: number, scope: Scope, operation: Operation) {
    this.#flow = flow
    this.#summary = summary
    this.index = index
    this.#scope = scope
    this.#operation = operation
  }

  get name(): string {
    return this.#summary.step
  }

  get ageMs(): number {
    return Math.round(performance.now() - this.#startedAt)
  }

  /** Whether it says by itself when it takes too long. */
  get hasLimit(): boolean {
    return this.#stall !== undefined
  }

  async run<T>(fn: () => T | Promise<T>, options: StepOptions): Promise<T> {
    this.#watch(options.expectMs)
    let failure: unknown
    try {
      for (;;) {
        this.#summary.attempts++
        try {
          const result = await fn()
          this.#passed()
          failure = undefined
          return result
        } catch (error) {
          const willRetry = this.#summary.attempts < (options.attempts ?? 1)
          failure = error ?? new Failure('undefined')
          this.#failed(error, willRetry)
          if (!willRetry) throw error
          await backoff(this.#summary.attempts, options)
        }
      }
    } finally {
      this.#stall?.stop()
      const seconds = (performance.now() - this.#startedAt) / 1000
      stepDuration.observe({ flow: this.#flow.name, step: this.#summary.step }, seconds)
      this.#endSpan(failure)
      this.#flow.stepEnded(this)
    }
  }

  /** The flow is over before it: it says no more of its time, and where it was cut, its span ends here. */
  outlived(cutBy: string | undefined): void {
    this.#stall?.stop()
    if (cutBy !== undefined) this.#endSpan(new Failure(cutBy))
  }

  describe(): Description {
    const { step, outcome, attempts } = this.#summary
    return {
      name: `${this.#flow.name} ${step}`,
      own: {
        flow_id: this.#flow.id,
        step: screenedName(step),
        step_index: this.index,
        ...(attempts > 1 && { attempts }),
        ...(outcome !== 'completed' && { outcome }),
      },
    }
  }

  #watch(given: number | undefined): void {
    const expectMs = given ?? this.#flow.expectMs(this.#summary.step)
    this.#stall = watchStall(expectMs, (age) => {
      const { progress } = this.#flow
      this.#flow.raise(warning, 'stalled', { age_ms: age, expect_ms: expectMs, progress }, this.#scope)
    })
  }

  #passed(): void {
    this.#summary.outcome = 'completed'
    this.#flow.stepPassed(this.#summary.step, this.#timing(), this.#scope)
  }

  #failed(error: unknown, willRetry: boolean): void {
    this.#summary.outcome = 'failed'
    this.#flow.stepFailed(this.#timing(), error, willRetry, this.#scope)
  }

  #timing(): object {
    this.#summary.duration_ms = since(this.#startedAt)
    return { duration_ms: this.#summary.duration_ms, attempts: this.#summary.attempts }
  }

  #endSpan(failure: unknown): void {
    if (this.#hasSpan) return
    this.#hasSpan = true
    this.#operation.end(this, this.#startedAt, performance.now(), failure)
  }
}
