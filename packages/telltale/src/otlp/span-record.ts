import { timeOf } from '../log/clock.js'
import type { FinishedSpan, SpanError, SpanKind } from '../trace/span.js'
import { type HrTime, hrTime, type Resource, type Span } from './records.js'
import { scope } from './resource.js'

// SpanKind and SpanStatusCode of @opentelemetry/api.
const kinds = { internal: 0, server: 1, client: 2, producer: 3, consumer: 4 } as const satisfies Record<
  SpanKind,
  number
>
const unset = { code: 0 }
const failed = 2
// Who is asked about a span that leaves: it was recorded.
const sampled = 1

/** A span in the shape that OpenTelemetry's serializers take. */
export function spanRecord(span: FinishedSpan, resource: Resource): Span {
  const { traceId, parentSpanId, tracestate, error } = span
  const startedAt = timeOf(span.startedAt)
  // From the start, so that a change of the clock between the two is no part of the duration.
  const endTime = hrTime(startedAt + (span.endedAt - span.startedAt) * 1000)
  const traceState = tracestate === undefined ? undefined : { serialize: () => tracestate }
  const context = { traceId, spanId: span.spanId, traceFlags: sampled, traceState }
  return {
    resource,
    instrumentationScope: scope,
    name: span.name,
    kind: kinds[span.kind],
    spanContext: () => context,
    parentSpanContext:
      parentSpanId === undefined
        ? undefined
        : { traceId, spanId: parentSpanId, traceFlags: sampled, isRemote: span.isRemote },
    startTime: hrTime(startedAt),
    endTime,
    status: error === undefined ? unset : { code: failed, message: error.message || error.type },
    attributes: span.attributes,
    events: error === undefined || error.message === '' ? none : [exceptionEvent(error, endTime)],
    links: none,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }
}

const none: readonly never[] = []

function exceptionEvent({ type, message, stack }: SpanError, time: HrTime): Span['events'][number] {
  return {
    name: 'exception',
    time,
    attributes: {
      'exception.type': type,
      'exception.message': message,
      ...(stack !== undefined && { 'exception.stacktrace': stack }),
    },
  }
}
