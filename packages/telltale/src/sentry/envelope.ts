import { jsonOf } from './json.js'
import { sdkVersion } from './sdk-version.js'
import type { SentryEvent } from './event.js'
import type { Discarded } from './losses.js'

// The server refuses events beyond 1 MiB.
const maxEvent = 1_000_000

/** One request's body: an event, what was lost before it, or both (Sentry's SDK documentation, "Envelopes"). */
export function envelopeOf(event: SentryEvent | undefined, discarded: readonly Discarded[]): Buffer {
  const sentAt = new Date()
  const lines = [
    JSON.stringify({
      ...(event !== undefined && { event_id: event.event_id }),
      sent_at: sentAt.toISOString(),
      sdk: { name: 'telltale', version: sdkVersion },
    }),
  ]
  if (event !== undefined) lines.push(...item('event', fitting(event)))
  if (discarded.length > 0) {
    const report = { timestamp: sentAt.getTime() / 1000, discarded_events: discarded }
    lines.push(...item('client_report', JSON.stringify(report)))
  }
  return Buffer.from(`${lines.join('\n')}\n`)
}

function item(type: string, payload: string): [string, string] {
  const header = { type, length: Buffer.byteLength(payload), content_type: 'application/json' }
  return [JSON.stringify(header), payload]
}

/** An event that is too large goes without what it can spare. */
function fitting(event: SentryEvent): string {
  const text = jsonOf(event)
  if (Buffer.byteLength(text) <= maxEvent) return text
  const { breadcrumbs: _breadcrumbs, ...short } = event
  const { fields: _fields, ...contexts } = event.contexts ?? {}
  const tags = { ...event.tags, cut: 'breadcrumbs and fields: the event was too large' }
  return jsonOf({ ...short, contexts, tags })
}
