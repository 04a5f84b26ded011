import { dropped } from '../self/dropped.js'
import { slot } from '../state/state.js'
import { finish } from './finish.js'
import type { EndedSpan } from './span.js'
import { tracing } from './tracing.js'

const maxKeptOfTrace = 256
const maxKept = 16_384

const kept = slot('trace.kept', () => ({ count: 0 }))

/**
 * This process's part of a trace: one request, or one flow that began outside of any. Spans of a sampled one leave as
 * they end; those of another one are kept until it is over, and leave if it failed. 256 a part, 16,384 in all.
 */
export class LocalTrace {
  readonly sampled: boolean
  #kept: EndedSpan[] = []
  #hasFailed = false
  #isOver = false

  constructor(sampled: boolean) {
    this.sampled = sampled
  }

  add(span: EndedSpan): void {
    if (tracing.exit === undefined) return
    if (this.sampled || (this.#isOver && this.#hasFailed)) tracing.exit.take(finish(span))
    else if (!this.#isOver && tracing.keepOnError) this.#keep(span)
  }

  /** The operation failed: what of it was not sampled is to leave, where that is wanted. */
  fail(): void {
    this.#hasFailed = tracing.keepOnError
  }

  /** The operation is over, with its own span; spans that end later leave if it failed. */
  end(span: EndedSpan): void {
    this.#isOver = true
    kept.count -= this.#kept.length
    if (this.#hasFailed) for (const part of this.#kept) tracing.exit?.take(finish(part))
    this.#kept = []
    this.add(span)
  }

  #keep(span: EndedSpan): void {
    if (this.#kept.length >= maxKeptOfTrace || kept.count >= maxKept) return dropped('span', 'kept_limit')
    this.#kept.push(span)
    kept.count++
  }
}
