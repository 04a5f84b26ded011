import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Child, endChildren } from '../support/child.js'
import type { Json } from './envelope.js'
import { Ingest } from './ingest.js'

let ingest: Ingest

beforeEach(async () => (ingest = await new Ingest().open()))
afterEach(async () => {
  endChildren()
  await ingest.close()
})

describe.each(['sentry-10', 'sentry-11'])('beside %s', (name) => {
  // Traces, and what has not been sent as process.exit() is called.
  it.each([
    ['end', 'none', 0],
    ['end', '1', 0],
    ['exit', '1', 3],
  ])('no item has what only a route calls secret in its path: at %s, traced %s', async (way, rate, code) => {
    const child = new Child('sentry-paths.mjs', [name, way, rate], { SENTRY_DSN: ingest.dsn })
    expect(await child.ended).toEqual({ code, signal: null })
    // Three frameworks, two requests each: theirs, ours, and what the request fails with.
    const events = new Map(ingest.events.map((event) => [event['event_id'], event]))
    expect(events.size).toBe(18)
    if (way === 'end' && rate === '1') {
      const spans = [
        ...ingest.items('transaction').flatMap((each) => [each, ...(each['spans'] as Json[])]),
        ...ingest.items('span').flatMap(({ items }) => items as Json[]),
      ]
      const rendered = spans.map((span) => String(span['description'] ?? span['name']))
      expect(rendered.filter((each) => each === 'render /reset/[REDACTED]')).toHaveLength(3)
    }
    const all = ingest.received.map(({ text }) => text).join('\n')
    for (const kept of ['theirs of /reset/[REDACTED]', 'http://h/reset/[REDACTED]', '"/magic/[REDACTED]"'])
      expect(all).toContain(kept)
    if (way === 'end') expect(all).toContain('"body":"at /reset/[REDACTED]"')
    expect(all.match(/.{0,80}S3cretC4nary/g)).toBeNull()
  })
})
