import { dropped } from '../self/dropped.js'
import { Slices } from '../state/slices.js'
import { slot } from '../state/state.js'
import { finishedOrCounted } from './finish.js'
import type { EndedSpan } from './span.js'
import { tracing } from './tracing.js'

const leaving = slot('trace.leaving', () => ({
  /** In order. */
  spans: new Set<EndedSpan>(),
  isUnderWay: false,
  done: Promise.resolve(),
}))

/** Hands the span to the exit. Never throws: one that can't be read is counted. */
export function leave(span: EndedSpan): void {
  const { exit } = tracing
  if (exit === undefined) return dropped('span', 'shutdown')
  const finished = finishedOrCounted(span)
  if (finished !== undefined) exit.take(finished)
}

/** The same for many, in order, in slices between which the event loop turns; `then` is called after each. */
export function leaveInSlices(spans: readonly EndedSpan[], left: (span: EndedSpan) => void): void {
  for (const span of spans) leaving.spans.add(span)
  if (leaving.isUnderWay) return
  leaving.isUnderWay = true
  leaving.done = allLeave(left)
}

async function allLeave(left: (span: EndedSpan) => void): Promise<void> {
  const slices = new Slices()
  // A Set also comes to what is added meanwhile.
  for (const span of leaving.spans) {
    leaving.spans.delete(span)
    left(span)
    leave(span)
    if (slices.isOver()) await slices.next()
  }
  leaving.isUnderWay = false
}

/** Spans that are yet to leave. */
export function stillLeaving(): number {
  return leaving.spans.size
}

/** Resolves when what was to leave has been handed to the exit. Never rejects. */
export function allHaveLeft(): Promise<void> {
  return leaving.done
}
