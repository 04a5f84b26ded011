import { trace, SpanStatusCode, type Attributes, type Span } from '@opentelemetry/api'

const tracer = trace.getTracer('assessments')

function clean(attributes: Record<string, unknown>): Attributes {
  const result: Attributes = {}
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) continue
    result[key] = typeof value === 'object' ? JSON.stringify(value) : (value as string | number | boolean)
  }
  return result
}

export function withSpan<T>(name: string, attributes: Record<string, unknown>, work: (span: Span) => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, { attributes: clean(attributes) }, async (span) => {
    try {
      const result = await work(span)
      span.setStatus({ code: SpanStatusCode.OK })
      return result //= return: no  the result
    } catch (error) { //= catch: no  recorded and rethrown
      if (error instanceof Error) span.recordException(error)
      span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) })
      throw error
    } finally {
      span.end()
    }
  })
}

export function currentTraceId(): string | undefined {
  const span = trace.getActiveSpan()
  if (!span) return undefined //= return: no  getter
  const { traceId } = span.spanContext()
  if (/^0+$/.test(traceId)) return undefined //= return: no  getter
  return traceId
}

/** Marks the active span; without one it does nothing, so that code in scripts needs no check. */
export function annotate(attributes: Record<string, unknown>): void {
  const span = trace.getActiveSpan()
  if (!span?.isRecording()) return //= return: no  telemetry helper, documented
  span.setAttributes(clean(attributes))
}

export function traced<This, Args extends unknown[], R>(name: string) {
  return (method: (this: This, ...args: Args) => Promise<R>) =>
    function (this: This, ...args: Args): Promise<R> {
      if (process.env.OTEL_SDK_DISABLED === 'true') return method.apply(this, args) //= return: no  passes through
      return withSpan(name, {}, () => method.apply(this, args))
    }
}
