import {
  alarm,
  boldRed,
  boldYellow,
  dim,
  green,
  idStyle,
  plain,
  red,
  yellow,
  bold,
  type Style,
} from './colours.js'
import { textOf, type Entry } from './entry.js'
import { escapeText } from './escape.js'
import { idSize, shortId } from './ids.js'
import { span, type Span } from './layout.js'
import { cells, cut, pad, tail } from './width.js'

const timeSize = 12
const levelSize = 5
/** The column the logger begins at. */
export const loggerAt = timeSize + levelSize + idSize + 6

interface Level {
  readonly label: string
  readonly style: Style
  readonly event: Style
}

const levels: ReadonlyMap<string, Level> = new Map([
  ['debug', { label: 'debug', style: dim, event: plain }],
  ['info', { label: 'info', style: green, event: bold }],
  ['warning', { label: 'warn', style: yellow, event: boldYellow }],
  ['error', { label: 'error', style: red, event: boldRed }],
  ['critical', { label: 'crit', style: alarm, event: boldRed }],
])

export function eventStyle(entry: Entry): Style {
  return levels.get(textOf(entry, 'level') ?? '')?.event ?? plain
}

/** Time, level, short id and logger: the columns every line begins with. */
export function headOf(entry: Entry, loggerSize: number): Span[] {
  const level = textOf(entry, 'level') ?? ''
  const { label, style } = levels.get(level) ?? { label: level, style: plain }
  const shown = span(cut(escapeText(label), levelSize), style)
  return [
    span(`${pad(cut(escapeText(clock(entry.timestamp)), timeSize), timeSize)}  `, dim),
    shown,
    span(' '.repeat(Math.max(0, levelSize - cells(shown.text)) + 2)),
    ...idOf(entry),
    span('  '),
    // A logger's name tells most at its end.
    span(`${pad(tail(escapeText(textOf(entry, 'logger') ?? ''), loggerSize), loggerSize)}  `, dim),
  ]
}

/** The request's short id in its own colour; outside requests the flow's. */
function idOf(entry: Entry): Span[] {
  const id = textOf(entry, 'request_id') ?? flowIdOf(entry)
  if (id === undefined) return [span(' '.repeat(idSize))]
  return [span(pad(cut(escapeText(shortId(id)), idSize), idSize), idStyle(id))]
}

function flowIdOf(entry: Entry): string | undefined {
  const id = textOf(entry, 'flow_id')
  return id === undefined ? undefined : (/[\da-f]{12}$/.exec(id)?.[0] ?? id)
}

function clock(timestamp: unknown): string {
  if (typeof timestamp !== 'string') return ''
  const date = new Date(timestamp)
  if (Number.isNaN(date.getTime())) return timestamp.slice(0, timeSize * 2)
  const two = (value: number) => String(value).padStart(2, '0')
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`
}
