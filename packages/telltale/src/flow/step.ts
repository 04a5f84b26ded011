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
  readonly #declared: number | undefined
  #done: number
  begun: number
  /** The one that was begun last. */
  last: string | undefined

  /** `before` is how many another process has been through. */
  constructor(declared: number | undefined, before: number) {
    this.#declared = declared
    this.#done = before
    this.begun = before
  }

  begin(step: string): StepSummary {
    const summary: StepSummary = { step, outcome: 'running', duration_ms: 0, attempts: 0 }
    this.begun++
    this.last = step
    if (this.#listed.length < maxListed) this.#listed.push({ summary, startedAt: performance.now() })
    return summary
  }

  done(): void {
    this.#done++
  }

  /** `2/3` where the flow is declared. */
  get progress(): string | undefined {
    return this.#declared === undefined ? undefined : `${this.#done}/${this.#declared}`
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
