import { bold, dim, yellow } from './colours.js'
import type { Drawing } from './drawing.js'
import { numberOf, textOf, type Entry } from './entry.js'
import { escapeText } from './escape.js'
import { clock } from './head.js'
import { segment, span } from './layout.js'
import { cut } from './width.js'

const maxText = 120

/** What the log says about itself: what it left out, and from when on it says more or less. */
export function notice(entry: Entry): Drawing | undefined {
  const event = textOf(entry, 'event')
  const count = numberOf(entry, 'count')
  if (event === 'events_suppressed' && count !== undefined) {
    // `event` is the line's own key: the field stands under the next free name.
    const key = ['event_', 'suppressed', 'name'].find((name) => textOf(entry, name) !== undefined)
    const name = key === undefined ? 'events' : short(entry[key])
    return {
      fields: [segment(0, span(name), span(` ×${grouped(count)}`, yellow))],
      drawn: ['count', key ?? ''],
    }
  }
  if (event === 'log_lines_dropped' && count !== undefined) {
    return {
      fields: [segment(0, span(grouped(count), yellow), span(count === 1 ? ' line' : ' lines'))],
      drawn: ['count'],
    }
  }
  const from = textOf(entry, 'from')
  const to = textOf(entry, 'to')
  if (event !== 'log_level_changed' || from === undefined || to === undefined) return undefined
  const fields = [segment(0, span(short(from)), span(' → ', dim), span(short(to), bold))]
  const until = textOf(entry, 'until')
  if (until !== undefined)
    fields.push(segment(1, span('until ', dim), span(short(clock(until)?.replace(/\.\d+$/, '')))))
  return { fields, drawn: ['from', 'to', 'until'] }
}

function short(text: unknown): string {
  return cut(escapeText(String(text).slice(0, maxText * 2)), maxText)
}

/** 1204567 as `1,204,567`. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
}
