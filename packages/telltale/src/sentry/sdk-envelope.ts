import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { scrubbed } from './scrub.js'
import type { SdkEnvelope } from './sdk.js'
import { isPlain, shapeAttributes } from './attributes.js'
import { textOf } from './sql.js'
import { plains, shapeEvent, shapeSpan } from './shapes.js'
import { withoutTheirStatements } from './statements.js'

/**
 * Makes an envelope of the SDK's such as the policy lets it leave, in place: every item, whatever its type, after all hooks
 * of the service's own. Attachments don't leave: nobody can tell what is in them. Never throws.
 */
export function scrubEnvelope(envelope: SdkEnvelope, pii: boolean): void {
  const [headers, items] = envelope
  try {
    if (isPlain(headers['trace'])) headers['trace'] = traceOf(headers['trace'])
    const kept = items.filter(([{ type }]) => type !== 'attachment')
    if (kept.length < items.length) {
      dropped('error', 'attachment', items.length - kept.length)
      reportOnce('sentry-attachment', 'attachments are not sent to Sentry: nobody can tell what is in them.')
    }
    for (const item of kept) item[1] = payloadOf(item[0].type, item[1], pii)
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
  for (const each of plains(safe['items'])) shapeSpan(each, pii)
  if (isPlain(safe['attributes'])) shapeAttributes(safe['attributes'], pii)
  return safe
}

/** Code alone, but for what it was taken of. */
function profileOf(safe: Record<string, unknown>): Record<string, unknown> {
  const { transaction } = safe
  return isPlain(transaction) ? { ...safe, transaction: withoutTheirStatements(transaction) } : safe
}

/** What tells a sampler of a trace, its transaction's name among it. */
function traceOf(trace: Record<string, unknown>): unknown {
  const safe = scrubbed(trace)
  if (!isPlain(safe)) return undefined
  const { transaction } = safe
  return typeof transaction === 'string' ? { ...safe, transaction: textOf(transaction) } : safe
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
