// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a server parses has no type
export type Json = Record<string, any>

export interface Item {
  readonly header: Json
  /** Parsed, where it is JSON. */
  readonly payload: unknown
}

export interface Envelope {
  readonly header: Json
  readonly items: readonly Item[]
}

/** Reads an envelope as the specification has it, and throws for whatever it does not allow. */
export function parseEnvelope(body: Buffer): Envelope {
  const first = line(body, 0)
  const header = object(first.text, 'the envelope header')
  const items: Item[] = []
  let at = first.next
  while (at < body.length) {
    const head = line(body, at)
    if (head.text === '' && head.next === body.length) break
    const itemHeader = object(head.text, 'an item header')
    if (typeof itemHeader['type'] !== 'string') throw new Error(`an item without a type: ${head.text}`)
    const read = payload(body, head.next, itemHeader['length'])
    items.push({ header: itemHeader, payload: parsed(read.text, itemHeader) })
    at = read.next
  }
  checkEnvelope(header, items)
  return { header, items }
}

function line(body: Buffer, from: number): { text: string; next: number } {
  const end = body.indexOf(0x0a, from)
  const stop = end === -1 ? body.length : end
  return { text: body.toString('utf8', from, stop), next: Math.min(stop + 1, body.length) }
}

function payload(body: Buffer, from: number, length: unknown): { text: string; next: number } {
  if (length === undefined) return line(body, from)
  if (!Number.isSafeInteger(length)) throw new Error(`a length that is none: ${String(length)}`)
  const end = from + Number(length)
  if (end > body.length)
    throw new Error(`an item is to have ${String(length)} bytes, and has ${body.length - from}`)
  if (end < body.length && body[end] !== 0x0a) throw new Error('no line break behind an item')
  return { text: body.toString('utf8', from, end), next: Math.min(end + 1, body.length) }
}

function parsed(text: string, header: Json): unknown {
  return header['type'] === 'attachment' ? text : object(text, `an item of type ${header['type']}`)
}

function object(text: string, what: string): Json {
  // JSON.stringify writes halves alone as escapes, and a server that reads UTF-8 takes none.
  if (/\\ud[89a-f]/.test(text.replaceAll('\\\\', ''))) throw new Error(`half of a surrogate pair in ${what}`)
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${what} is no object`)
  return value as Json
}

function checkEnvelope(header: Json, items: readonly Item[]): void {
  const isSent = header['sent_at'] !== undefined || items.some((item) => item.header['type'] === 'event')
  if (isSent && Number.isNaN(Date.parse(header['sent_at'])))
    throw new Error(`sent_at is no time: ${header['sent_at']}`)
  const events = items.filter((item) => item.header['type'] === 'event')
  if (events.length > 1) throw new Error('an envelope holds one event at most')
  for (const { payload: event } of events) {
    const { event_id: id, timestamp, platform, level } = event as Json
    if (!/^[0-9a-f]{32}$/.test(id)) throw new Error(`event_id is none: ${id}`)
    if (header['event_id'] !== id) throw new Error('the header names another event')
    if (typeof timestamp !== 'number') throw new Error(`timestamp is no number: ${timestamp}`)
    if (platform !== 'node') throw new Error(`platform is ${platform}`)
    if (!['fatal', 'error', 'warning', 'info', 'debug'].includes(level)) throw new Error(`level is ${level}`)
    checkEvent(event as Json)
  }
}

function checkEvent({ exception, tags, contexts, breadcrumbs }: Json): void {
  for (const { type, value, stacktrace } of exception?.values ?? []) {
    if (typeof type !== 'string' || typeof value !== 'string')
      throw new Error('an exception without type or value')
    for (const frame of stacktrace?.frames ?? [])
      if (frame.lineno !== undefined && !Number.isSafeInteger(frame.lineno))
        throw new Error(`lineno is ${frame.lineno}`)
  }
  for (const [name, value] of Object.entries(tags ?? {}))
    if (typeof value === 'string' && (value.length > 200 || value.includes('\n')))
      throw new Error(`the tag ${name} can't be taken: ${value}`)
  if (contexts?.trace !== undefined) {
    if (!/^[0-9a-f]{32}$/.test(contexts.trace.trace_id))
      throw new Error(`trace_id is ${contexts.trace.trace_id}`)
    if (!/^[0-9a-f]{16}$/.test(contexts.trace.span_id))
      throw new Error(`span_id is ${contexts.trace.span_id}`)
  }
  const crumbs: Json[] = Array.isArray(breadcrumbs) ? breadcrumbs : (breadcrumbs?.values ?? [])
  for (const { timestamp } of crumbs)
    if (typeof timestamp !== 'number' && Number.isNaN(Date.parse(timestamp)))
      throw new Error(`a breadcrumb's timestamp is ${timestamp}`)
}
