import { asText, isEntry, type Entry } from '../formats/entry.js'
import { formatOf } from '../formats/formats.js'
import { createRequests } from '../formats/requests.js'
import { createJoin } from './join.js'
import type { Line } from './lines.js'
import { takePrefix, type Prefixed } from './prefix.js'
import { salvage } from './salvage.js'

/** What is drawn as one entry: our line, and the object it was made from. Or a text that is no log line. */
export type Row =
  | { readonly kind: 'entry'; readonly entry: Entry; readonly original: Entry; readonly isOwn: boolean }
  | { readonly kind: 'text'; readonly text: string }

/** Makes a function that reads the lines of one stream, in their order: it remembers parts of lines and open requests. */
export function createReader(): (line: Line) => Row[] {
  const join = createJoin()
  const requests = createRequests()

  const read = (line: Line, from: Prefixed, isUnwrapped: boolean): Row[] => {
    const object = parse(line)
    if (object === undefined) return [{ kind: 'text', text: textOf(line) }]
    const inner = isUnwrapped ? undefined : dockerLine(object)
    if (inner !== undefined) {
      const whole = join(`docker ${inner.stream}`, { text: inner.text, lost: 0 }, inner.isPartial === true)
      return whole === undefined ? [] : read(whole, inner, true)
    }
    const format = formatOf(object)
    const made = format?.normalise(object, requests) ?? [object]
    return made.map((entry) => ({
      kind: 'entry',
      entry: completed(entry, from, line.lost),
      original: made.length === 1 ? object : entry,
      isOwn: format?.name === 'own',
    }))
  }

  return (line) => {
    const from = takePrefix(line.text)
    const cut = from.text === line.text ? line : { ...line, text: from.text }
    if (from.stream === undefined) return read(cut, from, false)
    const whole = join(from.stream, cut, from.isPartial === true)
    return whole === undefined ? [] : read(whole, from, false)
  }
}

function parse({ text, lost }: Line): Entry | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  const whole = lost > 0 ? salvage(text) : text
  if (whole === undefined) return undefined
  try {
    const value: unknown = JSON.parse(whole)
    return isEntry(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Docker's json-file driver: `{"log":"…\n","stream":"stdout","time":"…"}`, without the newline where a line was split. */
function dockerLine({ log, stream, time }: Entry): (Prefixed & { readonly stream: string }) | undefined {
  if (typeof log !== 'string' || typeof time !== 'string' || (stream !== 'stdout' && stream !== 'stderr'))
    return undefined
  return { text: log.replace(/\r?\n$/, ''), timestamp: time, stream, isPartial: !log.endsWith('\n') }
}

/** The prefix's time where the line has none, and where it came from. */
function completed(entry: Entry, { timestamp, source }: Prefixed, lost: number): Entry {
  const isTimed = timestamp === undefined || asText(entry.timestamp) !== undefined
  if (isTimed && source === undefined && lost === 0) return entry
  let key = 'source'
  while (source !== undefined && Object.hasOwn(entry, key)) key += '_'
  return {
    ...(isTimed ? undefined : { timestamp }),
    ...entry,
    ...(source === undefined ? undefined : { [key]: source }),
    ...(lost === 0 ? undefined : { line_cut: mark(lost) }),
  }
}

function textOf({ text, lost }: Line): string {
  return lost === 0 ? text : `${text}${mark(lost)}`
}

function mark(lost: number): string {
  return `…(+${lost} bytes)`
}
