import { Counter, Gauge, Histogram, Registry } from 'prom-client'

export const registry = new Registry()

export const polls = new Counter({
  name: 'feed_polls_total',
  help: 'Polls of feeds by outcome.',
  labelNames: ['outcome', 'feed', 'host'] as const,
  registers: [registry],
})

export const itemsStored = new Counter({
  name: 'feed_items_stored_total',
  help: 'Items that were new.',
  labelNames: ['kind'] as const,
  registers: [registry],
})

export const uploads = new Histogram({
  name: 'media_upload_seconds',
  help: 'Time of an upload to S3.',
  labelNames: ['kind', 'result'] as const,
  buckets: [0.1, 0.5, 1, 5, 15, 60],
  registers: [registry],
})

export const queueDepth = new Gauge({
  name: 'feed_queue_jobs',
  help: 'Jobs by queue and state.',
  labelNames: ['queue', 'state'] as const,
  registers: [registry],
})

export function statusClass(status: number): string {
  if (status < 100 || status > 599) return 'other' //= return: no  pure
  return `${Math.floor(status / 100)}xx`
}
