import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { RequestHandler } from 'express'

export const registry = new Registry()

export const labelsPurchased = new Counter({
  name: 'labels_purchased_total',
  help: 'Shipping labels bought, by carrier and outcome',
  labelNames: ['carrier', 'outcome'] as const,
  registers: [registry],
})

export const carrierCalls = new Histogram({
  name: 'carrier_call_duration_seconds',
  help: 'Duration of calls to carrier APIs',
  labelNames: ['carrier', 'operation'] as const,
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [registry],
})

export const httpRequests = new Counter({
  name: 'http_requests_total',
  help: 'Requests by method, path and status',
  labelNames: ['method', 'path', 'status'] as const,
  registers: [registry],
})

export const consumerLag = new Gauge({
  name: 'consumer_lag_messages',
  help: 'Messages behind the head of the topic',
  labelNames: ['topic', 'partition'] as const,
  registers: [registry],
})

export const webhookRejections = new Counter({
  name: 'carrier_webhook_rejections_total',
  help: 'Webhooks turned away',
  labelNames: ['carrier', 'reason'] as const,
  registers: [registry],
})

export const countRequests: RequestHandler = (req, res, next) => {
  if (req.path === '/metrics' || req.path.startsWith('/health')) return next()  //= return: no  middleware filter, passes on
  res.once('finish', () => {
    httpRequests.inc({ method: req.method, path: req.originalUrl, status: String(res.statusCode) })  //= bounded-labels  raw URL as label
  })
  next()
}

export const timed = async <T>(carrier: string, operation: string, run: () => Promise<T>): Promise<T> => {
  const end = carrierCalls.startTimer({ carrier, operation })
  try {
    return await run()  //= return: no  returns the result of the work
  } finally {
    end()
  }
}
