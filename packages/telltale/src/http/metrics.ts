import { METHODS } from 'node:http'
import { counter } from '../metrics/counter.js'
import { gauge } from '../metrics/gauge.js'
import { histogram } from '../metrics/histogram.js'

const maxSeries = 10_000

export const requestsTotal = counter('http_requests_total', {
  help: 'Requests served, by method, route template and status (499: the client left first).',
  labels: { method: String, path: String, status: String },
  maxSeries,
})

export const requestDuration = histogram('http_request_duration_seconds', {
  help: 'Time from the head of a request to the end of its response.',
  labels: { method: String, path: String },
  maxSeries,
})

export const requestsInProgress = gauge('http_requests_in_progress', {
  help: 'Requests whose response has not ended.',
  labels: { method: String },
})

const known = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE'])

/** One of the nine methods of RFC 9110 and 5789, else `OTHER`: a client can't make series. */
export function methodLabel(method: string): string {
  return known.has(method) && METHODS.includes(method) ? method : 'OTHER'
}
