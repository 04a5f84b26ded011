/** What a flow's closing event says of each step. */
export interface StepSummary {
  step: string
  outcome: 'running' | 'completed' | 'failed' | 'skipped'
  duration_ms: number
  attempts: number
  reason?: string | undefined
}

const maxListed = 64

/** The steps of a flow as far as it got: the first 64, and how far it came with all of them. */
export class Steps {
  readonly #listed: { readonly summary: StepSummary; readonly startedAt: number }[] = []
  /** Declared ones that have not been passed; undefined where none are declared. */
  readonly #ahead: Set<string> | undefined
  readonly #declared: number
  readonly #before: number
  begun: number
  /** The one that was begun last. */
  last: string | undefined

  /** `begun` and `passed` are of other processes. */
  constructor(declared: readonly string[] | undefined, begun: number, passed: number) {
    this.#ahead = declared && new Set(declared)
    this.#declared = declared?.length ?? 0
    this.#before = passed
    this.begun = begun
  }

  begin(step: string): StepSummary {
    const summary: StepSummary = { step, outcome: 'running', duration_ms: 0, attempts: 0 }
    this.begun++
    this.last = step
    if (this.#listed.length < maxListed) this.#listed.push({ summary, startedAt: performance.now() })
    return summary
  }

  /** A step done twice is passed once. */
  passed(step: string): void {
    this.#ahead?.delete(step)
  }

  /** How many of the declared ones are passed. */
  get done(): number {
    return Math.min(this.#declared, this.#before + this.#declared - (this.#ahead?.size ?? 0))
  }

  /** `2/3` where the flow is declared. */
  get progress(): string | undefined {
    return this.#ahead === undefined ? undefined : `${this.done}/${this.#declared}`
  }

  /** Whether there were more than are listed. */
  get unlisted(): boolean {
    return this.#listed.length === maxListed
  }

  /** As of now: a step that is still running has come to its age. */
  summaries(): StepSummary[] {
    return this.#listed.map(({ summary, startedAt }) =>
      summary.outcome === 'running' ? { ...summary, duration_ms: since(startedAt) } : summary,
    )
  }
}

export interface StepOptions {
  /** How often the step is tried before its failure is the flow's; default 1. */
  readonly attempts?: number
  /** About the wait before the second attempt, doubled for each further one up to 30 s; default 100. */
  readonly backoffMs?: number
  /** Past this many milliseconds the step is said to be stalled; default: what the declaration says, else never. */
  readonly expectMs?: number
}

const maxBackoffMs = 30_000

/** The wait before the attempt after `attempts`: half of the back-off for sure, the rest at random, so that many don't come back as one. */
export function backoff(attempts: number, { backoffMs = 100 }: StepOptions): Promise<void> {
  const base = backoffMs >= 0 ? backoffMs : 100
  const ms = Math.min(maxBackoffMs, base * 2 ** (attempts - 1))
  return new Promise((resolve) => setTimeout(resolve, ms * (0.5 + Math.random() / 2)))
}

/** Milliseconds with microseconds, as events carry them. */
export function since(startedAt: number): number {
  return Math.round((performance.now() - startedAt) * 1000) / 1000
}
