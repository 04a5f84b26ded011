import { currentScope } from '../context/scope.js'
import { addErrorExit, type ErrorReport, firstReport } from '../errors/exits.js'
import { errorFingerprint } from '../errors/record.js'
import { lifecycle } from '../lifecycle/settings.js'
import { redact } from '../redact/redact.js'
import { lookForOtel, setSpanSource } from '../trace/otel.js'
import { eventOf, type Report } from './event.js'
import { saidNow, saying } from './saying.js'
import { scrubEnvelope } from './sdk-envelope.js'
import { asSpan, type SdkEvent, type SdkHint, type SentryClient, type SentrySdk } from './sdk.js'
import { running } from './start.js'

export interface AttachOptions {
  /** Whether e-mail addresses of users are sent; default false. */
  readonly pii?: boolean
}

/** What marks the events that are made here; those of the SDK's own making are completed. */
const ours = { by: 'telltale' }

/**
 * Reports through the service's own `@sentry/node`, 10 or 11, instead of the light reporter: everything that it sends
 * passes the redaction policy, has the same tags and trace id as the log, and each error object is one event, whichever
 * side saw it first. To be called after `Sentry.init()`. Returns what ends it. Throws a TypeError for what is no such SDK,
 * and an Error where `Sentry.init()` has not been called.
 *
 * @example
 * Sentry.init({ tracesSampleRate: 0.1 })
 * attachSentry(Sentry)
 */
export function attachSentry(sentry: SentrySdk, { pii = false }: AttachOptions = {}): () => void {
  const client = clientOf(sentry)
  running.exit?.close()
  running.isAttached = true
  const attached = { isOn: true }
  // By their hints: the SDK copies the events on their way.
  const known = new WeakSet<SdkHint>()
  const offs = [
    // In the turn of the capture; processors of the SDK's own take their time.
    client.on('preprocessEvent', (event, hint = {}) => {
      if (!complete(event, hint)) known.add(hint)
    }),
    client.on('beforeEnvelope', (envelope) => scrubEnvelope(envelope, pii)),
  ]
  // Processors can't be taken out again.
  client.addEventProcessor((event, hint = {}) => (attached.isOn && known.has(hint) ? null : event))
  const stop = addErrorExit({
    report: (report: ErrorReport) => send(sentry, report, pii),
    flush: () => Promise.resolve(sentry.flush(lifecycle.flushTimeoutMs)),
  })
  running.message = (report) => send(sentry, report, pii)
  const stopSpans = followSpans(sentry)
  return () => {
    attached.isOn = false
    running.isAttached = false
    running.message = undefined
    stop()
    stopSpans()
    for (const off of offs) if (typeof off === 'function') (off as () => void)()
  }
}

function clientOf(sentry: SentrySdk): SentryClient {
  if (typeof sentry?.getClient !== 'function' || typeof sentry.captureEvent !== 'function')
    throw new TypeError("attachSentry() takes the SDK itself: import * as Sentry from '@sentry/node'.")
  const client = sentry.getClient()
  if (client === undefined)
    throw new Error('attachSentry(): Sentry has no client yet; call Sentry.init() before it.')
  if (typeof client.on !== 'function' || typeof client.addEventProcessor !== 'function')
    throw new TypeError('attachSentry() takes @sentry/node 10 or 11; this client is of another version.')
  return client
}

/** Where the SDK's spans are no OpenTelemetry spans, requests take their ids from them all the same. */
function followSpans(sentry: SentrySdk): () => void {
  if (lookForOtel() || typeof sentry.getActiveSpan !== 'function') return () => undefined
  return setSpanSource(() => asSpan(sentry.getActiveSpan?.()))
}

function send(sentry: SentrySdk, report: Report, pii: boolean): void {
  if (saying.capture !== undefined) saying.capture.id = report.id
  // Release, environment and the like are those that the SDK was given.
  const none = { release: undefined, environment: undefined, serverName: undefined, pii }
  const { sdk: _sdk, breadcrumbs, ...event } = eventOf(report, saidNow(), none)
  const values = breadcrumbs?.values.map((each) => ({
    ...each,
    ...(each.timestamp !== undefined && { timestamp: Date.parse(each.timestamp) / 1000 }),
  }))
  sentry.captureEvent(
    { ...event, message: event.message?.formatted, ...(values !== undefined && { breadcrumbs: values }) },
    { event_id: report.id, data: ours },
  )
}

/** What can be known again: an error object, or what else was thrown; no text, as messages are. */
function errorOf({ type, exception, message, logentry }: SdkEvent, hint: SdkHint): object | undefined {
  const error = hint.originalException
  if (type !== undefined || exception === undefined || message !== undefined || logentry !== undefined)
    return undefined
  return typeof error === 'object' && error !== null ? error : undefined
}

/** Gives an event of the SDK's own making what the log has of it; false where the error has been reported. */
function complete(event: SdkEvent, hint: SdkHint): boolean {
  if (hint.data === ours) return true
  const scope = currentScope()
  const error = errorOf(event, hint)
  if (error !== undefined) {
    if (!firstReport(error)) return false
    event.fingerprint ??= [errorFingerprint(error)]
  }
  if (scope === undefined) return true
  const { requestId, traceId, spanId, flowId } = scope.ids
  const { route } = (scope.request?.subject ?? {}) as { readonly route?: unknown }
  const own = { request_id: requestId, trace_id: traceId, flow_id: flowId, route }
  const said = Object.entries(own).filter(([, value]) => value !== undefined)
  event.tags = { ...event.tags, ...Object.fromEntries(said) }
  const { user_id: userId } = redact({ user_id: scope.resolve().fields['user_id'] })
  if (userId !== undefined && event.user?.['id'] === undefined) event.user = { ...event.user, id: userId }
  // A transaction has the id of its own trace, which is the log's, too.
  if (traceId !== undefined && event.type === undefined)
    event.contexts = { ...event.contexts, trace: { trace_id: traceId, span_id: spanId } }
  return true
}
