import type { SetupOptions } from '../../src/index.js'
import { droppedCounts } from '../../src/self/dropped.js'
import { tracing } from '../../src/trace/tracing.js'
import type { FinishedSpan } from '../../src/trace/span.js'
import { Capture } from '../support/capture.js'

/** A running system that sends to a collector soon. */
export function sending(
  endpoint: string,
  otlp: SetupOptions['otlp'] = {},
  options: SetupOptions = {},
): Capture {
  return new Capture({
    ...options,
    otlp: { endpoint, scheduleDelayMs: 5, ...otlp },
    lifecycle: { flushTimeoutMs: 5000, ...options.lifecycle },
  })
}

/** What `telltale_dropped_total` says. */
export function droppedOf(signal: string, reason: string): number {
  return [...droppedCounts()].find((each) => each.signal === signal && each.reason === reason)?.count ?? 0
}

let last = 0

export function span(fields: Partial<FinishedSpan> = {}): FinishedSpan {
  last++
  return {
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: last.toString(16).padStart(16, '0'),
    parentSpanId: undefined,
    isRemote: false,
    tracestate: undefined,
    name: `span ${last}`,
    kind: 'internal',
    startedAt: performance.now() - 5,
    endedAt: performance.now(),
    attributes: {},
    error: undefined,
    ...fields,
  }
}

/** As ended spans are handed on. */
export function take(...spans: readonly FinishedSpan[]): void {
  for (const each of spans) tracing.exit!.take(each)
}
