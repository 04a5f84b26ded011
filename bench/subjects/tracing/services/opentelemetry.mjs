import { createRequire } from 'node:module'
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node'
import { database, retake } from '../handle.mjs'

// The instrumentation replaces what `require` gives; for an import it would need its loader.
const require = createRequire(import.meta.url)

const plainly = {
  request: (handle) => handle,
  flow: (_name, _fields, run) => run(),
  step: (_name, run) => run(),
  query: (run) => run(),
}

/**
 * As its documentation says, with its defaults: a batch processor, the protobuf exporter, no compression. `around` is what
 * else is done inside of each span.
 */
export function open({ endpoint, rate }, around = plainly) {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces` })
  const provider = new NodeTracerProvider({
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(rate) }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  })
  provider.register()
  registerInstrumentations({ instrumentations: [new HttpInstrumentation()] })
  const { createServer } = require('node:http')
  const tracer = trace.getTracer('assessments', '1.4.0')

  /** Runs `fn` in a span of its own, as the API's guide has it. */
  const spanned = (name, options, fn) =>
    tracer.startActiveSpan(name, options, async (span) => {
      try {
        return await fn()
      } catch (error) {
        span.recordException(error)
        span.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
        throw error
      } finally {
        span.end()
      }
    })
  const handle = retake({
    named(route) {
      const span = trace.getActiveSpan()
      span.updateName(`POST ${route}`)
      span.setAttribute('http.route', route)
    },
    flow(flow, fields, fn) {
      let index = 0
      const step = (name, run) =>
        spanned(`${flow} ${name}`, { attributes: { flow, step: name, step_index: ++index } }, () =>
          around.step(name, run),
        )
      return spanned(flow, { attributes: { flow, ...fields } }, () =>
        around.flow(flow, fields, () => fn(step)),
      )
    },
    query: (text, values) =>
      spanned('SELECT', { kind: SpanKind.CLIENT, attributes: attributesOf(text) }, () =>
        around.query(() => database.query(text, values)),
      ),
  })
  return { server: createServer(around.request(handle)), close: () => provider.shutdown() }
}

const attributesOf = (text) => ({
  'db.system.name': 'postgresql',
  'db.operation.name': 'SELECT',
  'db.query.text': text,
})
