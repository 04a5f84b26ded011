import { dim, plain } from './colours.js'
import { isEntry } from './entry.js'
import { escapeText } from './escape.js'
import { segment, span, type Segment } from './layout.js'
import { cut } from './width.js'

const maxDepth = 4
const maxKey = 64
const ambiguous = /[\s"=]/
const ambiguousNested = /[\s"=,{}[\]]/

/** `key=value`, the value cut to `room` cells; `faint` for ids that are there to be copied and for what was said before. */
export function field(key: string, value: unknown, room: number, faint = false): Segment {
  const written = compact(value, room)
  const isDim = faint || value === null || written === '[REDACTED]'
  return segment(1, span(`${name(key)}=`, dim), span(written, isDim ? dim : plain))
}

/** Any JSON value on one line, `{id: a_204, tags: [x, y]}`, at most `room` cells long, escaped. */
export function compact(value: unknown, room: number): string {
  return cut(escapeText(write(value, room * 2, 0)), room)
}

/** Writes a little past `room` at most: a value of a million keys costs what is shown of it. */
function write(value: unknown, room: number, depth: number): string {
  if (typeof value === 'string') return quote(value.slice(0, room), depth)
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    if (depth >= maxDepth) return '[…]'
    return `[${join(value, room, (item, left) => write(item, left, depth + 1))}]`
  }
  if (isEntry(value)) {
    const keys = Object.keys(value)
    if (keys.length === 0) return '{}'
    if (depth >= maxDepth) return '{…}'
    return `{${join(keys, room, (key, left) => `${name(key)}: ${write(value[key], left, depth + 1)}`)}}`
  }
  return String(value)
}

function join<T>(items: readonly T[], room: number, text: (item: T, left: number) => string): string {
  let all = ''
  for (const item of items) {
    if (all.length > room) return `${all}, …`
    all += (all === '' ? '' : ', ') + text(item, room - all.length)
  }
  return all
}

function name(key: string): string {
  const short = cut(escapeText(key.slice(0, maxKey * 2)), maxKey)
  return short === '' || ambiguousNested.test(short) ? `"${short.replaceAll('"', '\\"')}"` : short
}

function quote(text: string, depth: number): string {
  if (text === '[REDACTED]') return text
  const bare = text !== '' && !(depth === 0 ? ambiguous : ambiguousNested).test(text)
  return bare ? text : `"${text.replaceAll('"', '\\"')}"`
}
