import { addErrorExit, type ErrorReport } from '../errors/exits.js'
import { lifecycle } from '../lifecycle/settings.js'
import { slot } from '../state/state.js'
import { lookForOtel, setSpanSource } from '../trace/otel.js'
import { complete, type Known, knownOf, Ours } from './attach-events.js'
import { eventOf, type Report } from './event.js'
import { saidNow, saying } from './saying.js'
import { scrubEnvelope } from './sdk-envelope.js'
import { asSpan, type SdkHint, type SdkScope, type SentryClient, type SentrySdk } from './sdk.js'
import { running } from './start.js'

export interface AttachOptions {
  /** Whether e-mail addresses of users are sent; default false. */
  readonly pii?: boolean
}

const attached = slot('sentry.attached', () => ({
  current: undefined as { readonly clients: WeakSet<SentryClient>; readonly end: () => void } | undefined,
}))

/**
 * Reports through the service's own `@sentry/node`, 10 or 11, instead of the light reporter: everything that it sends
 * passes the redaction policy, has the same tags and trace id as the log, and each error object is one event, whichever
 * side saw it first. To be called once, after `Sentry.init()`; a client of a later `init()` is followed,
 * too. Returns what ends it. Throws a TypeError for what is no such SDK,
 * and an Error where `Sentry.init()` has not been called.
 *
 * @example
 * Sentry.init({ tracesSampleRate: 0.1 })
 * attachSentry(Sentry)
 */
export function attachSentry(sentry: SentrySdk, { pii = false }: AttachOptions = {}): () => void {
  const client = clientOf(sentry)
  const former = attached.current
  if (former?.clients.has(client) === true) return former.end
  former?.end()
  const entries = running.exit?.handOver() ?? []
  running.isAttached = true
  const clients = new WeakSet<SentryClient>()
  const ends: (() => void)[] = []
  const follow = (each: SentryClient): void => {
    if (clients.has(each)) return
    clients.add(each)
    ends.push(followClient(each, pii))
  }
  follow(client)
  ends.push(
    followNewClients(sentry, follow),
    followSpans(sentry),
    addErrorExit({
      name: 'the Sentry SDK',
      report: (report: ErrorReport) => send(sentry, report, pii),
      flush: () => Promise.resolve(sentry.flush(lifecycle.flushTimeoutMs)),
    }),
  )
  running.message = (report) => send(sentry, report, pii)
  // What was reported before goes the same way.
  for (const { report, said } of entries) send(sentry, report, pii, said)
  const end = (): void => {
    if (attached.current?.end !== end) return
    attached.current = undefined
    running.isAttached = false
    running.message = undefined
    for (const each of ends) each()
  }
  attached.current = { clients, end }
  return end
}

/** Sees all that a client sends. */
function followClient(client: SentryClient, pii: boolean): () => void {
  let isOn = true
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
    const more = isOn ? known.get(hint) : undefined
    return more === null ? null : complete(event, more ?? {})
  })
  return () => {
    isOn = false
    for (const off of offs) if (typeof off === 'function') (off as () => void)()
  }
}

/** A second `Sentry.init()` makes another client, which sends before anything of ours could ask who sends. */
function followNewClients(sentry: SentrySdk, follow: (client: SentryClient) => void): () => void {
  const scopes = Object.getPrototypeOf(sentry.getCurrentScope?.() ?? {}) as Partial<SdkScope>
  const { setClient } = scopes
  if (setClient === undefined) return () => undefined
  const following = function (this: SdkScope, client: SentryClient | undefined): void {
    if (typeof client?.on === 'function') follow(client)
    setClient.call(this, client)
  }
  scopes.setClient = following
  return () => {
    if (scopes.setClient === following) scopes.setClient = setClient
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

function send(sentry: SentrySdk, report: Report, pii: boolean, said = saidNow()): void {
  if (saying.capture !== undefined) saying.capture.id = report.id
  // Release, environment and the like are those that the SDK was given.
  const none = { release: undefined, environment: undefined, serverName: undefined, pii }
  const { sdk: _sdk, breadcrumbs, fingerprint, user, ...event } = eventOf(report, said, none)
  const values = breadcrumbs?.values.map((each) => ({
    ...each,
    ...(each.timestamp !== undefined && { timestamp: Date.parse(each.timestamp) / 1000 }),
  }))
  sentry.captureEvent(
    { ...event, message: event.message?.formatted, ...(values !== undefined && { breadcrumbs: values }) },
    { event_id: report.id, data: new Ours({ fingerprint, user }) },
  )
}
