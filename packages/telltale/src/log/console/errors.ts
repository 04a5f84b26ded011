import { bold, boldRed, cyan, dim, plain } from './colours.js'
import { isEntry, textOf, type Entry } from './entry.js'
import { escapeText } from './escape.js'
import { readStack, type Stack } from './frames.js'
import { indent, segment, sizeOf, span, type Line, type Segment, type Span } from './layout.js'
import { compact, field } from './values.js'
import { cells, cut, pad, tail } from './width.js'

const maxDepth = 8
const maxLines = 200
const maxChildren = 10
const maxMessage = 2000
const maxRootFrames = 8
const maxFrames = 3
const maxName = 32
/** An error told in brief may take a second row before its message is cut. */
const minBrief = 160
const maxType = 64
const maxFields = 16
const shown = new Set(['type', 'message', 'code', 'stack', 'cause', 'errors'])

/** The entry's error, and whether this line tells it in full: with a stack, a cause or inner errors, and not said before. */
export function errorOf(entry: Entry): { readonly error: Entry; readonly isFull: boolean } | undefined {
  const { error } = entry
  if (!isEntry(error) || typeof error.type !== 'string') return undefined
  const hasMore =
    typeof error.stack === 'string' ||
    Array.isArray(error.errors) ||
    (error.cause !== undefined && error.cause !== null)
  return { error, isFull: hasMore && entry.error_seen !== true }
}

/** Type, message and code as one segment. */
export function errorBrief(error: Entry, room: number): Segment {
  const type = typeOf(error)
  const message = escapeText((textOf(error, 'message') ?? '').slice(0, maxMessage))
  const code = codeOf(error, 2)
  const left = Math.max(minBrief, room - cells(type) - sizeOf(code) - 14)
  return segment(3, span(type, boldRed), span(message === '' ? '' : `: ${cut(message, left)}`), ...code)
}

/** A stack that was taken without an error: where an event was raised. */
export function stackTree(stack: string, cwd: string, room: number): Line[] {
  const lines: Line[] = []
  addFrames(lines, readStack(stack, '', cwd), {
    first: '',
    rest: '',
    label: '',
    depth: 0,
    cwd,
    room,
    seen: new Set(),
  })
  return lines
}

/** An error with its own frames, causes and inner errors as an indented tree. */
export function errorTree(error: Entry, cwd: string, room: number): Line[] {
  const lines: Line[] = []
  addError(lines, error, { first: '', rest: '', label: '', depth: 0, cwd, room, seen: new Set() })
  return lines
}

interface Place {
  readonly first: string
  readonly rest: string
  readonly label: string
  readonly depth: number
  readonly cwd: string
  readonly room: number
  /** Frames the errors above have shown: a cause shares most of its stack with them. */
  readonly seen: Set<string>
}

function addError(lines: Line[], error: unknown, place: Place): void {
  const { first, rest, label, depth, room } = place
  if (!isEntry(error)) {
    lines.push(line(first, rest, [span(label, dim), span(compact(error, room))]))
    return
  }
  const message = typeof error.message === 'string' ? error.message : ''
  const more = Object.keys(error)
    .filter((key) => !shown.has(key) && error[key] !== undefined)
    .slice(0, maxFields)
  lines.push(
    line(first, `${rest}  `, [
      span(label, dim),
      span(typeOf(error), boldRed),
      span(
        message === '' ? '' : `: ${message.slice(0, maxMessage)}${message.length > maxMessage ? '…' : ''}`,
      ),
      ...codeOf(error, 3),
      ...more.flatMap((key, index) => [
        span(index === 0 ? '   ' : ' '),
        ...field(key, error[key], room).spans,
      ]),
    ]),
  )
  if (typeof error.stack === 'string') {
    addFrames(lines, readStack(error.stack, message, place.cwd), place)
  }
  const inner = Array.isArray(error.errors) ? error.errors : []
  const children = inner.slice(0, maxChildren).map((child: unknown) => ({ child, label: '' }))
  if (error.cause !== undefined && error.cause !== null)
    children.push({ child: error.cause, label: 'caused by ' })
  const hidden = inner.length - Math.min(inner.length, maxChildren)
  children.forEach(({ child, label }, index) => {
    const last = index === children.length - 1 && hidden === 0
    const branch = { first: `${rest}${last ? '└ ' : '├ '}`, rest: `${rest}${last ? '  ' : '│ '}` }
    if (depth < maxDepth && lines.length < maxLines)
      addError(lines, child, { ...place, ...branch, label, depth: depth + 1 })
  })
  if (hidden > 0) lines.push(line(`${rest}└ `, `${rest}  `, [span(`and ${hidden} more`, dim)]))
}

function addFrames(lines: Line[], { own, folded }: Stack, { rest, depth, seen, room }: Place): void {
  const limit = depth === 0 ? maxRootFrames : maxFrames
  const fresh = own.filter(({ name, directory, place }) => !seen.has(`${name} ${directory}${place}`))
  for (const { name, directory, place } of fresh) seen.add(`${name} ${directory}${place}`)
  const frames = fresh.slice(0, limit)
  const note = frames.length > 0 || depth === 0 ? noteOf(fresh.length - frames.length, folded) : ''
  const size = Math.min(
    maxName,
    Math.max(0, ...frames.map(({ name }) => cells(escapeText(name || '(anonymous)')))),
  )
  const available = room - cells(rest) - 4
  frames.forEach(({ name, directory, place }, index) => {
    const called = span(cut(escapeText(name || '(anonymous)'), maxName), name === '' ? dim : plain)
    const spans = [
      span(pad(called.text, size + 2), called.style),
      span(tail(escapeText(directory), available - size - cells(escapeText(place))), dim),
      span(place, bold),
      ...(index === frames.length - 1 && note !== '' ? [span('    '), span(note, dim)] : []),
    ]
    lines.push(line(`${rest}  `, `${rest}    `, spans))
  })
  if (frames.length === 0 && note !== '') lines.push(line(`${rest}  `, `${rest}    `, [span(note, dim)]))
}

/** `(+2, 6 in node_modules, 1 in node)`; Node's own frames alone aren't worth a line. */
function noteOf(more: number, folded: Stack['folded']): string {
  const away = [...folded].filter(([home]) => home !== 'node').map(([home, count]) => `${count} in ${home}`)
  const node = folded.get('node')
  if (more > 0) away.unshift(String(more))
  if (away.length > 0 && node !== undefined) away.push(`${node} in node`)
  return away.length === 0 ? '' : `(+${away.join(', ')})`
}

function typeOf(error: Entry): string {
  return cut(escapeText((textOf(error, 'type') ?? 'Error').slice(0, maxType * 2)), maxType)
}

function codeOf(error: Entry, gap: number): Span[] {
  const { code } = error
  if (typeof code !== 'string' && typeof code !== 'number') return []
  return code === ''
    ? []
    : [span(' '.repeat(gap)), span(cut(escapeText(String(code).slice(0, maxType * 2)), maxType), cyan)]
}

function line(first: string, rest: string, spans: Span[]): Line {
  const margin = ' '.repeat(indent)
  return { first: span(margin + first, dim), rest: span(margin + rest, dim), spans }
}
