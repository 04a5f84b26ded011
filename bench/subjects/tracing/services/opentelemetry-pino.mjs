// OpenTelemetry's spans with what Telltale has on by default beside its own: metrics by OpenTelemetry, and by pino the same
// three lines a request, each with the ids of its request, flow and span. As a competent team writes it.
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { metrics, trace } from '@opentelemetry/api'
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import pino from 'pino'
import { paths } from '../../logging/paths.mjs'
import { route } from '../handle.mjs'
import { open as openSpans } from './opentelemetry.mjs'

const context = new AsyncLocalStorage()

export function open(exit) {
  const readers = [new PrometheusExporter({ preventServerStart: true })]
  metrics.setGlobalMeterProvider(new MeterProvider({ readers }))
  const meter = metrics.getMeter('assessments', '1.4.0')
  const flowDuration = meter.createHistogram('flow_duration_seconds')
  const stepDuration = meter.createHistogram('flow_step_duration_seconds')
  const queryDuration = meter.createHistogram('db_query_duration_seconds')
  const flowsInProgress = meter.createUpDownCounter('flows_in_progress')
  const log = pino({
    redact: { paths, censor: '[REDACTED]' },
    base: { service: 'assessments', version: '1.4.0' },
    mixin() {
      const { traceId, spanId } = trace.getActiveSpan()?.spanContext() ?? {}
      return { ...context.getStore()?.fields, trace_id: traceId, span_id: spanId }
    },
  })

  return openSpans(exit, {
    request(handle) {
      return (req, res) => {
        const begun = performance.now()
        const fields = { request_id: randomBytes(8).toString('hex'), method: req.method, path: req.url }
        res.setHeader('x-request-id', fields.request_id)
        context.run({ fields }, () => {
          res.on('finish', () =>
            log.info({ route, status: res.statusCode, duration_ms: since(begun) }, 'request_completed'),
          )
          return handle(req, res)
        })
      }
    },
    async flow(flow, fields, run) {
      const begun = performance.now()
      const flow_id = `${flow}-${randomBytes(6).toString('hex')}`
      const steps = []
      const inside = { fields: { ...context.getStore().fields, flow_id, ...fields }, steps }
      return context.run(inside, async () => {
        flowsInProgress.add(1, { flow })
        log.info({ flow }, `${flow}_flow_started`)
        const result = await run()
        flowsInProgress.add(-1, { flow })
        flowDuration.record((performance.now() - begun) / 1000, { flow, outcome: 'completed' })
        log.info({ flow, duration_ms: since(begun), steps }, `${flow}_flow_completed`)
        return result
      })
    },
    async step(step, run) {
      const begun = performance.now()
      const result = await run()
      const duration_ms = since(begun)
      stepDuration.record(duration_ms / 1000, { step })
      context.getStore().steps.push({ step, outcome: 'completed', duration_ms })
      return result
    },
    async query(run) {
      const begun = performance.now()
      const result = await run()
      queryDuration.record((performance.now() - begun) / 1000, { system: 'postgresql', query_type: 'select' })
      return result
    },
  })
}

const since = (begun) => Math.round((performance.now() - begun) * 1000) / 1000
