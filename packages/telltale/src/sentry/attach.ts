import { currentScope } from '../context/scope.js'
import { addErrorExit, type ErrorReport, firstReport } from '../errors/exits.js'
import { errorFingerprint } from '../errors/record.js'
import { lifecycle } from '../lifecycle/settings.js'
import { redact } from '../redact/redact.js'
import { lookForOtel, setSpanSource } from '../trace/otel.js'
import { eventOf, type Report, withoutUndefined } from './event.js'
import { saidNow, saying } from './saying.js'
import { scrubEnvelope } from './sdk-envelope.js'
import { asSpan, type SdkEvent, type SdkHint, type SentryClient, type SentrySdk } from './sdk.js'
import { running } from './start.js'

export interface AttachOptions {
  /** Whether e-mail addresses of users are sent; default false. */
  readonly pii?: boolean
}

/** What the log has of an event. */
interface Known {
  readonly fingerprint?: string[] | undefined
  readonly tags?: object
  readonly user?: Record<string, unknown> | undefined
  readonly trace?: Record<string, unknown> | undefined
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
  const known = new WeakMap<SdkHint, Known | null>()
  const offs = [
    client.on('preprocessEvent', (event, hint = {}) => {
      const more = knownOf(event, hint)
      known.set(hint, more ?? null)
      // The SDK must not take the next of this kind for a duplicate of one that is not sent.
      if (more === undefined) delete event['exception']
    }),
    client.on('beforeEnvelope', (envelope) => scrubEnvelope(envelope, pii)),
  ]
  // Processors can't be taken out again.
  client.addEventProcessor((event, hint = {}) => {
    const more = attached.isOn ? known.get(hint) : undefined
    return more === null ? null : complete(event, more ?? {})
  })
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

/**
 * What the log has of an event of the SDK's own making, taken in the turn of its capture: processors of the SDK's own take
 * their time. Undefined where the error has been reported.
 */
function knownOf(event: SdkEvent, hint: SdkHint): Known | undefined {
  if (hint.data === ours) return {}
  const scope = currentScope()
  const error = errorOf(event, hint)
  if (error !== undefined && !firstReport(error)) return undefined
  const fingerprint = error === undefined ? undefined : [errorFingerprint(error)]
  if (scope === undefined) return { fingerprint }
  const { requestId, traceId, spanId, flowId } = scope.ids
  const { route } = (scope.request?.subject ?? {}) as { readonly route?: unknown }
  const { user_id: userId } = redact({ user_id: scope.resolve().fields['user_id'] })
  return {
    fingerprint,
    tags: withoutUndefined({ request_id: requestId, trace_id: traceId, flow_id: flowId, route }),
    user: userId === undefined ? undefined : { id: userId },
    // A transaction has the id of its own trace, which is the log's, too.
    trace:
      traceId === undefined || event.type !== undefined ? undefined : { trace_id: traceId, span_id: spanId },
  }
}

/** Fills what the service has not said itself of an event, its scopes' share being in it. */
function complete(event: SdkEvent, { tags, user, trace, fingerprint }: Known): SdkEvent {
  if (fingerprint !== undefined) event.fingerprint ??= fingerprint
  if (tags !== undefined) event.tags = { ...event.tags, ...tags }
  if (user !== undefined && event.user?.['id'] === undefined) event.user = { ...event.user, ...user }
  if (trace !== undefined) event.contexts = { ...event.contexts, trace }
  return event
}
