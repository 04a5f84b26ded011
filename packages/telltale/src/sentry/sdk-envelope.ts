import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { item } from './envelope.js'
import { jsonOf } from './json.js'
import { scrubbed } from './scrub.js'
import type { SdkEnvelope } from './sdk.js'
import { ownTrace } from './attach-events.js'
import { isPlain, shapeAttributes, valueOf } from './attributes.js'
import { idsOf, withoutPathSecrets } from './path-secrets.js'
import { maskedByRoute } from './route-paths.js'
import { textOf } from './sql.js'
import { plains, routeOf, shapeEvent, shapeSpan } from './shapes.js'
import { withoutTheirStatements } from './statements.js'

/**
 * Makes an envelope of the SDK's such as the policy lets it leave, in place: every item, whatever its type, after all hooks
 * of the service's own. Attachments don't leave: nobody can tell what is in them. Never throws.
 */
export function scrubEnvelope(envelope: SdkEnvelope, pii: boolean): void {
  const [headers, items] = envelope
  try {
    const kept = items.filter(([{ type }]) => type !== 'attachment')
    if (kept.length < items.length) {
      dropped('error', 'attachment', items.length - kept.length)
      reportOnce('sentry-attachment', 'attachments are not sent to Sentry: nobody can tell what is in them.')
    }
    for (const item of kept) item[1] = payloadOf(item[0].type, item[1], pii)
    const { trace } = headers
    if (isPlain(trace)) {
      const ids = [trace, ...kept.map(([, payload]) => payload)].flatMap(idsOf)
      headers['trace'] = withoutPathSecrets(traceOf(trace, routeIn(kept)), ids)
    }
    items.splice(0, items.length, ...kept)
  } catch (problem) {
    // Nothing leaves that has not been seen through.
    dropped('error', 'scrub', items.length)
    reportOnce(
      'sentry-scrub',
      `what the Sentry SDK was to send could not be redacted, and was not sent: ${show(problem)}`,
    )
    items.length = 0
  }
}

/** What has been redacted as it is posted; throws for what is empty. */
export function serialized([headers, items]: SdkEnvelope): Buffer {
  if (items.length === 0) throw new Error('nothing of it is left')
  const lines = items.flatMap(([header, payload]) =>
    item(header, typeof payload === 'string' ? payload : jsonOf(payload)),
  )
  return Buffer.from([JSON.stringify(headers), ...lines].join('\n'))
}

function payloadOf(type: string | undefined, payload: unknown, pii: boolean): unknown {
  if (typeof payload === 'string') return JSON.stringify(payloadOf(type, JSON.parse(payload), pii))
  if (!isPlain(payload)) throw new TypeError(`an item of type ${String(type)} is no object`)
  const safe = scrubbed(payload)
  if (!isPlain(safe)) return {}
  if (type === 'session') return { ...safe, ...sessionOf(payload) }
  if (type === 'profile' || type === 'profile_chunk') return profileOf(safe)
  if (type === 'span') shapeSpan(safe, pii)
  else shapeEvent(safe, pii)
  // The containers of version 11: spans, logs, metrics.
  const items = plains(safe['items'])
  for (const each of items) {
    shapeSpan(each, pii)
    setTrace(each)
  }
  if (items.length > 0) safe['items'] = items.map((each) => withoutPathSecrets(each, idsOf(each)))
  if (isPlain(safe['attributes'])) shapeAttributes(safe['attributes'], pii)
  return withoutPathSecrets(safe, idsOf(safe))
}

/** A log or metric that is of no span of the SDK's is of the trace that the log has. */
function setTrace(item: Record<string, unknown>): void {
  const { attributes } = item
  if (!isPlain(attributes)) return
  const trace = valueOf(attributes[ownTrace])
  delete attributes[ownTrace]
  const isOfSpan = item['span_id'] !== undefined || 'sentry.trace.parent_span_id' in attributes
  if (typeof trace === 'string' && !isOfSpan) item['trace_id'] = trace
}

/** Code alone, but for what it was taken of. */
function profileOf(safe: Record<string, unknown>): Record<string, unknown> {
  const { transaction } = safe
  if (!isPlain(transaction)) return safe
  const { name } = transaction
  const shown = typeof name === 'string' ? { name: textOf(name) } : {}
  const shownOf = { ...withoutTheirStatements(transaction), ...shown }
  return { ...safe, transaction: withoutPathSecrets(shownOf, idsOf(safe)) }
}

/** What tells a sampler of a trace, its transaction's name among it. */
function traceOf(trace: Record<string, unknown>, route: unknown): unknown {
  const safe = scrubbed(trace)
  if (!isPlain(safe)) return undefined
  const { transaction } = safe
  if (typeof transaction !== 'string') return safe
  return { ...safe, transaction: maskedByRoute(textOf(transaction), route) }
}

/** Of the request that an envelope is about. */
function routeIn(items: SdkEnvelope[1]): unknown {
  const payloads = plains(items.map(([, payload]) => payload))
  return payloads.map(routeOf).find((route) => route !== undefined)
}

/** A session's own id is called as a cookie's is; who it is of is an address. */
function sessionOf({ sid, attrs }: Record<string, unknown>): Record<string, unknown> {
  const { release, environment } = isPlain(attrs) ? attrs : {}
  return {
    ...(typeof sid === 'string' && /^[0-9a-f-]{32,36}$/.test(sid) && { sid }),
    did: undefined,
    attrs: scrubbed({ release, environment }),
  }
}
