import { type BoundCounter, counter } from '../metrics/counter.js'
import { type BoundGauge, gauge } from '../metrics/gauge.js'
import { type BoundHistogram, histogram } from '../metrics/histogram.js'

const maxSeries = 10_000

const requestsTotal = counter('http_requests_total', {
  help: 'Requests served, by method, route template and status (499: the client left first).',
  labels: { method: String, path: String, status: String },
  maxSeries,
})

const requestDuration = histogram('http_request_duration_seconds', {
  help: 'Time from the head of a request to the end of its response.',
  labels: { method: String, path: String },
  maxSeries,
})

const requestsInProgress = gauge('http_requests_in_progress', {
  help: 'Requests whose response has not ended.',
  labels: { method: String },
})

const known = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE'])

/** One of the nine methods of RFC 9110 and 5789, else `OTHER`: a client can't make series. */
export function methodLabel(method: string): string {
  return known.has(method) ? method : 'OTHER'
}

/** The series of one method and route, bound: four lookups by labels a request would cost more than all the rest of its end. */
class RouteMetrics {
  private readonly duration: BoundHistogram
  private readonly byStatus = new Map<number, BoundCounter>()

  constructor(
    private readonly method: string,
    private readonly path: string,
  ) {
    this.duration = requestDuration.with({ method, path })
  }

  observe(status: number, seconds: number): void {
    this.duration.observe(seconds)
    this.count(status).inc()
  }

  private count(status: number): BoundCounter {
    const bound = this.byStatus.get(status)
    if (bound !== undefined) return bound
    const { method, path } = this
    const made = requestsTotal.with({ method, path, status: String(status) })
    this.byStatus.set(status, made)
    return made
  }
}

class MethodMetrics {
  readonly inProgress: BoundGauge
  private readonly byRoute = new Map<string, RouteMetrics>()

  constructor(private readonly method: string) {
    this.inProgress = requestsInProgress.with({ method })
  }

  route(path: string): RouteMetrics {
    const bound = this.byRoute.get(path)
    if (bound !== undefined) return bound
    const made = new RouteMetrics(this.method, path)
    // Beyond that the registry's own limit will have cut in.
    if (this.byRoute.size < maxSeries) this.byRoute.set(path, made)
    return made
  }
}

const byMethod = new Map<string, MethodMetrics>()

/** The metrics of a method by its label. */
export function metricsOf(method: string): MethodMetrics {
  const bound = byMethod.get(method)
  if (bound !== undefined) return bound
  const made = new MethodMetrics(method)
  byMethod.set(method, made)
  return made
}
