import { slot } from '../state/state.js'
import type { FinishedSpan } from './span.js'

/** Where sampled spans go. Neither throws nor waits. */
export interface SpanExit {
  take(span: FinishedSpan): void
}

/** Whether a trace is recorded: `parentSampled` is the caller's flag, undefined where the trace begins here. */
export type Sample = (traceId: string, parentSampled: boolean | undefined) => boolean

/** A caller's decision is handed on, and what begins here is not recorded. */
export const undecided: Sample = (_traceId, parentSampled) => parentSampled ?? false

/** What becomes of spans. Without an exit there are ids and no spans. */
export const tracing = slot('tracing', () => ({
  exit: undefined as SpanExit | undefined,
  sample: undecided,
  /** Spans of traces that are not sampled leave all the same where the operation fails. */
  keepOnError: true,
}))
