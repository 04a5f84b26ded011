// What the two glue servers share, as a competent team writes it from the documentation of pino and prom-client.
import { AsyncLocalStorage } from 'node:async_hooks'
import prom from 'prom-client'

export const requestContext = new AsyncLocalStorage()

export const pinoOptions = {
  level: 'info',
  // A copy, since pino merges the event's fields into what mixin returns: the store itself would carry one event's
  // fields into the next (pino's documentation warns of it).
  mixin: () => ({ ...requestContext.getStore() }),
  // Secrets at the top and one level down, and the two headers of request logs: the usual list. pino has no rule
  // for any depth; each further wildcard level would cost more. It is still less than what Telltale redacts.
  redact: {
    paths: [
      'password',
      'token',
      'secret',
      '*.password',
      '*.token',
      '*.secret',
      'req.headers.authorization',
      'req.headers.cookie',
    ],
    censor: '[REDACTED]',
  },
}

prom.collectDefaultMetrics()

const requests = new prom.Counter({
  name: 'http_requests_total',
  help: 'Requests by method, route and status.',
  labelNames: ['method', 'route', 'status'],
})
const duration = new prom.Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time to answer a request.',
  labelNames: ['method', 'route'],
})

/** Begins to time a request; what it returns is called at the end with what is known then. */
export function timeRequest() {
  const end = duration.startTimer()
  return (method, route, status) => {
    end({ method, route })
    requests.inc({ method, route, status })
  }
}
