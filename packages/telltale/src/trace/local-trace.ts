import { dropped } from '../self/dropped.js'
import { slot } from '../state/state.js'
import { leave, leaveInSlices, stillLeaving } from './leaving.js'
import type { EndedSpan } from './span.js'
import { tracing } from './tracing.js'

const maxKeptOfTrace = 256
const maxKept = 16_384
// Characters: what is said of spans, with the stacks of their errors.
const maxWeightOfTrace = 2_097_152
const maxWeight = 33_554_432

/** What keeps spans until it is over. */
interface Keeper {
  /** Lets go of what it keeps. */
  giveUp(): void
}

const kept = slot('trace.kept', () => ({
  count: 0,
  weight: 0,
  /** The oldest first. */
  keepers: new Set<Keeper>(),
}))

/**
 * This process's part of a trace: one request, or one flow that began outside of any. Spans of a sampled one leave as
 * they end; those of another one are kept until it is over, its flows included, and leave if it failed: 256 and 2 MB a part, 16,384 and 32 MB
 * in all. Where that is full, the part that has kept some for the longest gives its up: one that fails soon has its own.
 */
export class LocalTrace implements Keeper {
  readonly sampled: boolean
  #kept: EndedSpan[] = []
  #weight = 0
  #hasFailed = false
  /** That are under way. */
  #flows = 0
  #isOver = false

  constructor(sampled: boolean) {
    this.sampled = sampled
  }

  add(span: EndedSpan): void {
    if (tracing.exit === undefined) return
    if (this.sampled) leave(span)
    else if (this.#isOver && this.#hasFailed) this.#leaveLast(span)
    else if ((!this.#isOver || this.#flows > 0) && tracing.keepOnError) this.#keep(span)
  }

  /** A flow begins in it, which may outlive it: until that one is over, it may yet fail. */
  flowBegan(): void {
    this.#flows++
  }

  flowEnded(): void {
    this.#flows--
    if (this.#isOver && this.#flows === 0) this.#settle()
  }

  /** The operation failed: what of it was not sampled is to leave, where that is wanted. */
  fail(): void {
    this.#hasFailed = tracing.keepOnError
    if (this.#isOver) this.#settle()
  }

  /** The operation is over, with its own span; spans that end later leave if it failed. */
  end(span: EndedSpan): void {
    if (this.#flows > 0 && !this.#hasFailed) {
      this.add(span)
      this.#isOver = true
      return
    }
    this.#isOver = true
    this.#settle()
    this.add(span)
  }

  /** What is kept leaves, or is let go of. */
  #settle(): void {
    const spans = this.#kept
    const weight = this.#weight
    this.#kept = []
    this.#weight = 0
    kept.keepers.delete(this)
    if (!this.#hasFailed) release(spans.length, weight)
    else if (spans.length > 0) leaveInSlices(spans, released)
  }

  giveUp(): void {
    const { length } = this.#kept
    release(length, this.#weight)
    kept.keepers.delete(this)
    this.#kept = []
    this.#weight = 0
    dropped('span', 'kept_limit', length)
  }

  #keep(span: EndedSpan): void {
    // Full: of the newest, so that what the others are below has its place when it ends.
    if (this.#kept.length >= maxKeptOfTrace) this.#dropNewest()
    const weight = held(span)
    if (weight === undefined) return
    if (this.#weight + weight > maxWeightOfTrace || !hasRoom(weight)) return dropped('span', 'kept_limit')
    if (this.#kept.push(span) === 1) kept.keepers.add(this)
    this.#weight += weight
  }

  #dropNewest(): void {
    const { weight } = this.#kept.pop()!
    this.#weight -= weight
    release(1, weight)
    dropped('span', 'kept_limit')
  }

  /** After those that were kept. */
  #leaveLast(span: EndedSpan): void {
    if (stillLeaving() === 0) return leave(span)
    const weight = held(span)
    if (weight === undefined) return
    if (hasRoom(weight)) leaveInSlices([span], released)
    else dropped('span', 'kept_limit')
  }
}

/** Takes room, where need be from who has had it for the longest. */
function hasRoom(weight: number): boolean {
  while (kept.count >= maxKept || kept.weight + weight > maxWeight) {
    const [oldest] = kept.keepers
    // What is leaving has its room until it has left.
    if (oldest === undefined) return false
    oldest.giveUp()
  }
  kept.count++
  kept.weight += weight
  return true
}

function release(count: number, weight: number): void {
  kept.count -= count
  kept.weight -= weight
}

function released(span: EndedSpan): void {
  release(1, span.weight)
}

/** The weight of a span that is held from now on; undefined where it can't be read. */
function held(span: EndedSpan): number | undefined {
  try {
    span.hold()
    return span.weight
  } catch {
    dropped('span', 'unreadable')
    return undefined
  }
}
