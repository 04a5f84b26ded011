import { currentScope, type Scope } from '../context/scope.js'
import { briefError } from '../errors/record.js'
import { debug, warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { histogram } from '../metrics/histogram.js'
import { formatTraceparent } from '../trace/traceparent.js'
import { methodLabel } from './metrics.js'
import { isOwnHost } from './own-hosts.js'
import { maskBeforeRouting, pathOf } from './path.js'

const log = loggerNamed('outbound')

const duration = histogram('http_client_request_duration_seconds', {
  help: 'Time from the start of an outbound request to the end of its response, by method, host and status.',
  labels: { method: String, host: String, status: String },
})

const maxHosts = 1000
const saidHosts = new Set<string>()

/** An outbound request under way, whatever the client that sends it. */
export class Call {
  private readonly startedAt = performance.now()
  private readonly scope: Scope | undefined = currentScope()
  private status = 0
  private isOver = false

  constructor(
    private readonly method: string,
    private readonly host: string,
    private readonly path: string,
  ) {}

  /** The headers by which the callee joins the trace; none for a host that is not the team's own. */
  propagation(also: readonly string[]): readonly (readonly [string, string])[] {
    if (!isOwnHost(hostname(this.host), also)) {
      this.sayForeign()
      return []
    }
    const { traceId, spanId, requestId, sampled, tracestate } = this.scope?.ids ?? {}
    if (traceId === undefined || spanId === undefined) return []
    const headers: [string, string][] = [
      ['traceparent', formatTraceparent(traceId, spanId, sampled ?? false)],
    ]
    if (tracestate !== undefined) headers.push(['tracestate', tracestate])
    const ended = this.scope?.request?.ended === true
    if (requestId !== undefined && !ended) headers.push(['x-request-id', requestId])
    return headers
  }

  answered(status: number): void {
    this.status = status
  }

  completed(): void {
    const ms = this.end(String(this.status))
    if (ms !== undefined && log.on(debug))
      this.raise(debug, 'outbound_completed', { status: this.status, duration_ms: ms })
  }

  failed(error: unknown): void {
    const ms = this.end('error')
    // In brief: the error is the caller's, who may log it in full.
    if (ms !== undefined)
      this.raise(warning, 'outbound_failed', { duration_ms: ms, error: briefError(error) })
  }

  // undici tells of a request that was given up again when its connection fails later.
  private end(status: string): number | undefined {
    if (this.isOver) return undefined
    this.isOver = true
    const ms = performance.now() - this.startedAt
    duration.observe({ method: methodLabel(this.method), host: this.host, status }, ms / 1000)
    return Math.round(ms * 1000) / 1000
  }

  private sayForeign(): void {
    if (saidHosts.has(this.host) || saidHosts.size >= maxHosts) return
    saidHosts.add(this.host)
    const fields = {
      host: this.host,
      reason: 'not an own host: no ids are sent; propagateTo names further ones',
    }
    log.raise(debug, 'outbound_host_foreign', fields, this.scope)
  }

  private raise(level: number, event: string, fields: object): void {
    const what = {
      peer_method: this.method,
      host: this.host,
      peer_path: maskBeforeRouting(pathOf(this.path)),
    }
    log.raise(level, event, { ...what, ...fields }, this.scope)
  }
}

function hostname(host: string): string {
  try {
    return new URL(`http://${host}`).hostname
  } catch {
    return host
  }
}
