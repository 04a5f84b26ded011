import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import { Scope } from '../context/scope.js'
import { asError, briefError } from '../errors/record.js'
import { debug, error as errorLevel, info, warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { reportFailure } from '../log/report.js'
import { startRecording, stopRecording, writeRecorded } from '../log/recorder/record.js'
import { exemplarOf } from '../metrics/exemplars.js'
import { Operation } from '../trace/operation.js'
import { type Described, type Description, Failure } from '../trace/span.js'
import { answered, closed, leftUnanswered, type Unanswered } from './inflight.js'
import { maskedPaths } from './masked-paths.js'
import { methodLabel, metricsOf } from './metrics.js'
import { maskBeforeRouting, maskByRoute, pathOf } from './path.js'
import { requestIds } from './request-id.js'
import { requestSpan } from './request-span.js'
import { requestSettings } from './settings.js'
import { whenAnswered } from './when-answered.js'

const log = loggerNamed('http')

// A handler that never answers its absent client must not keep the request's context for ever.
const maxAfterwardsMs = 60_000

// What reading from or writing to a client that has left fails with.
const brokenConnection = new Set<string | number>([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
])

/** One request and its response, from its head to the end of its response. */
export class Exchange implements Described {
  readonly startedAt = performance.now()
  readonly method: string
  readonly path: string
  readonly requestId: string
  readonly scope: Scope
  nextStallMs = 0
  /** Whoever runs the handler calls `settled()` when it has ended. */
  isAwaited = false
  private readonly fields: Record<string, unknown>
  private knownRoute: string | undefined
  private error: unknown
  private hasError = false
  private clientLeft = false
  private finishedAt = 0
  private isOnItsWay = false
  private over = false
  private cutBy: string | undefined
  private isSettled = false
  private isHeard = false
  private readonly listenersAtFirst: number
  private unanswered: Unanswered | undefined
  private readonly metrics: ReturnType<typeof metricsOf>
  private readonly operation: Operation | undefined

  constructor(
    readonly req: IncomingMessage,
    readonly res: ServerResponse,
  ) {
    const ids = requestIds(req)
    this.method = req.method ?? 'GET'
    this.listenersAtFirst = res.listenerCount('close')
    this.metrics = metricsOf(methodLabel(this.method))
    this.path = pathOf((req as { originalUrl?: string }).originalUrl ?? req.url)
    this.requestId = ids.requestId
    this.fields = { method: this.method, path: maskBeforeRouting(this.path) }
    if (ids.clientRequestId !== undefined) this.fields['client_request_id'] = ids.clientRequestId
    // A request served inside another's context (a test, a call to oneself) is a request of its own.
    this.operation = Operation.serving(ids, this.method)
    const { operation } = this
    this.scope = new Scope(
      undefined,
      'request',
      operation === undefined || operation.ids === ids ? ids : { ...ids, ...operation.ids },
      this.fields,
    )
    this.scope.trace = operation?.trace
    this.scope.otel = operation?.context
    this.scope.subject = this
    this.tellMasked(this.fields['path'] as string)
    startRecording(this.scope)
    this.metrics.inProgress.inc()
  }

  /** The route template, once it is known: the metrics' label, and what decides which path parameters are secret. */
  set route(route: string) {
    if (this.knownRoute === route) return
    this.knownRoute = route
    const path = maskByRoute(this.path, route)
    if (path === this.path) return
    this.fields['path'] = path
    this.scope.bind({ path })
    this.tellMasked(path)
  }

  private tellMasked(path: string): void {
    if (path !== this.path) maskedPaths.tell?.(this.scope.ids, this.path, path)
  }

  get route(): string | undefined {
    return this.knownRoute
  }

  /** What went wrong in answering; the end-of-request event carries it. The first one counts. */
  fail(error: unknown): void {
    if (this.over) return this.raiseLate(error)
    if (this.hasError) return
    this.hasError = true
    this.error = error
    // What a handler throws because its client has left is the client's doing.
    this.clientLeft = this.req.aborted || this.res.destroyed
  }

  /** The application has written all of it; the connection may have to send some of that yet. */
  written(): void {
    this.isOnItsWay = (this.res.socket?.writableLength ?? 0) > 0
  }

  finish(): void {
    if (!this.isCutOff) this.finishedAt ||= performance.now()
  }

  /**
   * The connection ended before all was sent. Node says `finish` of such responses, too: over HTTP/1 up to version 22 at
   * least, over HTTP/2 always (seen with 20, 22 and 26).
   */
  private get isCutOff(): boolean {
    const { res } = this
    if (this.req.httpVersionMajor === 1) return this.isOnItsWay && res.socket?.destroyed === true
    const { stream } = res as { stream?: Partial<ServerHttp2Stream> }
    return stream?.aborted === true || stream?.writableFinished === false
  }

  /** Before what listens to the response's end hears of it: then the span of an instrumentation takes no more. */
  closing(): void {
    if (this.over) return
    this.operation?.tell(this)
    if (this.finishedAt === 0) this.isHeard = this.isLeavingHeard
  }

  /** Instrumentations listen from before the request was known; who listens since may stop its work without an answer. */
  private get isLeavingHeard(): boolean {
    const { req, res } = this
    return (
      req.listenerCount('aborted') > 0 ||
      req.listenerCount('close') > 0 ||
      res.listenerCount('close') > this.listenersAtFirst
    )
  }

  /** As far as can be told: a handler that streams, or waits for a body that does not come, need never notice. */
  private get isAtWork(): boolean {
    if (this.isSettled || this.cutBy !== undefined || this.res.headersSent || !this.req.complete) return false
    return this.isAwaited || !(this.isHeard || this.isLeavingHeard)
  }

  private get isCut(): boolean {
    return this.finishedAt === 0 && this.hasError && !this.clientLeft
  }

  /** 499, where the client left first. */
  private get status(): number {
    if (this.finishedAt !== 0) return this.res.statusCode
    return this.isCut ? 500 : 499
  }

  /** A pipelined response that has not had its turn gets no event of its own when its connection ends. */
  connectionClosed(): void {
    if (this.res.socket === null && this.req.socket.destroyed) this.end()
  }

  get isOver(): boolean {
    return this.over
  }

  /** The response is over: metrics, then the one event. Later calls do nothing. */
  end(): void {
    if (this.over) return
    this.over = true
    const completed = this.finishedAt !== 0
    const ms = (this.finishedAt || performance.now()) - this.startedAt
    const cut = this.isCut
    const { status } = this
    // Routers learn the route last; asking for the context lets them say so.
    this.scope.resolve()
    const route = this.knownRoute ?? 'unmatched'
    exemplarOf.ids = this.scope.ids
    this.metrics.route(route).observe(status, ms / 1000)
    exemplarOf.ids = undefined
    this.metrics.inProgress.dec()
    const fields: Record<string, unknown> = {
      route,
      status,
      duration_ms: Math.round(ms * 1000) / 1000,
    }
    if (cut) fields['response_cut'] = true
    if (this.cutBy !== undefined) fields['reason'] = this.cutBy
    if (!completed && !cut) this.raise(warning, 'request_aborted', fields)
    else if (status >= 500) {
      // Where the failure is not written, neither is what led to it.
      if (log.on(errorLevel)) writeRecorded(this.scope)
      this.raise(errorLevel, 'request_failed', fields, this.hasError ? asError(this.error) : undefined)
      if (this.hasError) this.report(errorLevel, 'request_failed', fields, this.error, this.scope)
    } else this.raise(this.isQuiet() ? debug : info, 'request_completed', fields)
    stopRecording(this.scope)
    this.endSpan(status, ms)
    if (!completed && this.isAtWork) this.waitForHandler()
    closed(this)
    if (completed) return this.scope.end()
    // Where the client has left, the handler is still at work, and what it says belongs to the request until it answers.
    this.scope.release()
    setTimeout(endAfterwards, maxAfterwardsMs, this.scope, this.unanswered).unref()
  }

  private waitForHandler(): void {
    const { method, requestId, route, startedAt, scope } = this
    this.unanswered = { method, requestId, route, startedAt, scope, hasLeft: true }
    leftUnanswered(this.unanswered)
    whenAnswered(this.res, () => this.settled())
  }

  /** The handler has answered or ended: after an abort, only now nothing belongs to the request any more. */
  settled(): void {
    this.isSettled = true
    if (this.over) endAfterwards(this.scope, this.unanswered)
  }

  /** The process ends before the response does. */
  cutShort(): void {
    this.cutBy = 'shutdown'
    this.end()
  }

  raiseStalled(ageMs: number): void {
    this.scope.resolve()
    const fields = { route: this.knownRoute, age_ms: Math.round(ageMs), last_event: this.scope.lastEvent }
    log.raise(warning, 'request_stalled', fields, this.scope)
  }

  /** The response is over, most often because its client has left, and its event is written: this error needs its own. */
  private raiseLate(error: unknown): void {
    const code = briefError(error).code
    const level = code !== undefined && brokenConnection.has(code) ? debug : warning
    // The request's own scope may have ended with its response.
    const scope = new Scope(undefined, 'request', this.scope.ids, this.fields)
    const fields = { route: this.knownRoute, error: asError(error) }
    log.raise(level, 'request_failed_late', fields, scope)
    if (level === warning) this.report(level, 'request_failed_late', fields, error, scope)
    this.settled()
  }

  private raise(level: number, event: string, fields: Record<string, unknown>, error?: unknown): void {
    // A client's own fault is worth its reason, but is no failure of the service: no stack.
    if (this.hasError) fields['error'] = error ?? briefError(this.error)
    log.raise(level, event, fields, this.scope)
  }

  private report(level: number, event: string, fields: object, error: unknown, scope: Scope): void {
    reportFailure({ source: log, scope, level, event, fields, error })
  }

  private endSpan(status: number, ms: number): void {
    const { operation } = this
    if (operation === undefined) return
    const hasFailed = status >= 500
    if (hasFailed) operation.fail()
    const error = hasFailed ? (this.error ?? new Failure(String(status))) : undefined
    operation.end(this, this.startedAt, this.startedAt + ms, error)
  }

  describe(): Description {
    const { method, route, requestId, status, res } = this
    const isTls = 'encrypted' in this.req.socket
    const sentStatus = this.finishedAt !== 0 || res.headersSent ? res.statusCode : undefined
    const { fields } = this.scope.resolve()
    return requestSpan({ method, route, requestId, status, sentStatus, isTls, fields })
  }

  private isQuiet(): boolean {
    return requestSettings.quiet.has(this.path)
  }
}

function endAfterwards(scope: Scope, unanswered: Unanswered | undefined): void {
  if (unanswered !== undefined) answered(unanswered)
  scope.end()
}
