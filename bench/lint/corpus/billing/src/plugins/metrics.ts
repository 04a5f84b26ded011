import fp from 'fastify-plugin'
import { collectDefaultMetrics, Counter, Gauge, Histogram, register } from 'prom-client'

collectDefaultMetrics()

export const httpDuration = new Histogram({
  name: 'billing_http_request_duration_seconds',
  help: 'Duration of HTTP requests',
  labelNames: ['method', 'route', 'status'],
})
export const providerCalls = new Counter({ name: 'billing_provider_calls_total', help: 'Calls to the payment provider', labelNames: ['operation', 'outcome'] })
export const invoicesIssued = new Counter({ name: 'billing_invoices_issued_total', help: 'Issued invoices', labelNames: ['plan', 'currency', 'account'] })
export const outboxLag = new Gauge({ name: 'billing_outbox_lag_seconds', help: 'Age of the oldest message' })
export const usageRejected = new Counter({ name: 'billing_usage_rejected_total', help: 'Usage records not accepted', labelNames: ['reason'] })
export const emailsTotal = new Counter({ name: 'billing_emails_total', help: 'E-mails', labelNames: ['template', 'recipient'] })

export default fp(async function metricsPlugin(app) {
  app.addHook('onResponse', async (req, reply) => {
    const route = req.routeOptions.url
    if (route === '/metrics') return //= return: no  filter, scrapes are not measured
    httpDuration.observe({ method: req.method, route: req.url, status: reply.statusCode }, reply.elapsedTime / 1000) //= bounded-labels  raw URL as label
  })

  app.get('/metrics', async (_req, reply) => {
    reply.header('content-type', register.contentType)
    return register.metrics()
  })
})
