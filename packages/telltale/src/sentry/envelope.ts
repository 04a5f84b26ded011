import { jsonOf } from './json.js'
import { sdkVersion } from '../exit/sdk-version.js'
import type { SentryEvent } from './event.js'
import type { Discarded } from './losses.js'

// The server refuses events beyond 1 MiB.
const maxEvent = 1_000_000
const maxText = 500
const maxKept = 50

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

/** An event that is too large goes without what it can spare, and at last with what it can't. */
function fitting(event: SentryEvent): string {
  let text = jsonOf(event)
  for (const shorter of [withoutHistory, essentials, shortest]) {
    if (Buffer.byteLength(text) <= maxEvent) return text
    text = jsonOf(shorter(event))
  }
  return text
}

function withoutHistory(event: SentryEvent): SentryEvent {
  const { breadcrumbs: _breadcrumbs, ...short } = event
  const { fields: _fields, ...contexts } = event.contexts ?? {}
  const tags = { ...event.tags, cut: 'breadcrumbs and fields: the event was too large' }
  return { ...short, contexts, tags }
}

/** What tells one event and one group from others; a hook of the service's own may have put anything there. */
function essentials(event: SentryEvent): SentryEvent {
  const { event_id, timestamp, platform, level, exception } = event
  const texts = ['logger', 'release', 'environment', 'server_name', 'transaction'] as const
  const tags = Object.entries(event.tags ?? {}).slice(0, maxKept)
  return {
    event_id,
    timestamp,
    platform,
    level,
    ...Object.fromEntries(texts.map((name) => [name, short(event[name])])),
    ...(event.message !== undefined && { message: { formatted: short(event.message.formatted) ?? '' } }),
    ...(exception !== undefined && { exception }),
    ...(Array.isArray(event.fingerprint) && {
      fingerprint: event.fingerprint.slice(0, maxKept).map((each) => short(each) ?? ''),
    }),
    tags: {
      ...Object.fromEntries(tags.map(([name, value]) => [name.slice(0, maxText), short(value) ?? ''])),
      cut: 'all but the essentials: the event was too large',
    },
  }
}

function shortest(event: SentryEvent): SentryEvent {
  const values = event.exception?.values
  if (!Array.isArray(values)) return essentials({ ...event, exception: { values: [] } })
  const cut = values.slice(-maxKept).map(({ type, value, mechanism }) => ({
    type: short(type) ?? '',
    value: short(value) ?? '',
    mechanism: {
      type: short(mechanism?.type) ?? 'generic',
      handled: mechanism?.handled === true,
      exception_id: 0,
    },
  }))
  return essentials({ ...event, exception: { values: cut } })
}

function short(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, maxText) : undefined
}
