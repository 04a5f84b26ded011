import {
  alarm,
  boldRed,
  boldYellow,
  cyan,
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
/** Nothing but an entry begins at the left edge, and every entry does. */
const noTime = '--:--:--.---'
const levelSize = 5
/** More of a text from outside is never looked at: a column shows a few cells of it. */
const maxText = 256
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

/** Nothing at info and below: prose in bold would be loud. */
const proseStyles: ReadonlyMap<string, Style> = new Map([
  ['warning', yellow],
  ['error', red],
  ['critical', boldRed],
])

export function eventStyle(entry: Entry): Style {
  // What the flight recorder kept happened earlier and stands behind what failed.
  if (entry.recorded === true) return plain
  return levels.get(textOf(entry, 'level') ?? '')?.event ?? plain
}

export function proseStyle(entry: Entry): Style {
  return proseStyles.get(textOf(entry, 'level') ?? '') ?? plain
}

/** The logger's name, of which the end tells most. */
export function loggerOf(entry: Entry): string {
  return escapeText((textOf(entry, 'logger') ?? '').slice(-maxText))
}

/** Time, level, short id and logger: the columns every line begins with. `↺` behind the time: written late, `recorded`. */
export function headOf(entry: Entry, loggerSize: number): Span[] {
  const level = textOf(entry, 'level') ?? ''
  const { label, style } = levels.get(level) ?? { label: level, style: plain }
  const shown = span(cut(escapeText(label.slice(0, maxText)), levelSize), style)
  const time = escapeText(clock(entry.timestamp) ?? noTime)
  return [
    span(pad(cut(time, timeSize), timeSize), dim),
    entry.recorded === true ? span('↺ ', cyan) : span('  '),
    shown,
    span(' '.repeat(Math.max(0, levelSize - cells(shown.text)) + 2)),
    ...idOf(entry),
    span('  '),
    span(`${pad(tail(loggerOf(entry), loggerSize), loggerSize)}  `, dim),
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

/** A point in time as the local clock showed it; a text that is none, as it is. */
export function clock(timestamp: unknown): string | undefined {
  if ((typeof timestamp !== 'string' || timestamp === '') && typeof timestamp !== 'number') return undefined
  const date = new Date(timestamp)
  if (Number.isNaN(date.getTime()))
    return (
      String(timestamp)
        .trim()
        .slice(0, timeSize * 2) || undefined
    )
  const two = (value: number) => String(value).padStart(2, '0')
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`
}
