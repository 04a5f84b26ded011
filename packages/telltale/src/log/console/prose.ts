import { cyan, dim, yellow } from './colours.js'
import type { Drawing } from './drawing.js'
import { isEntry, textOf, type Entry } from './entry.js'
import { escapeText } from './escape.js'
import { proseStyle } from './head.js'
import { segment, span, type Segment } from './layout.js'
import { cut } from './width.js'

const maxText = 4000
const maxRows = 40
const maxName = 64
const unnamed = /^(?:log$|console(?:$|[_.]))/

/** What somebody said in prose, `console.log('…')` or `app.log.info('…')`: the text itself stands where an event's name would. */
export function prose(entry: Entry): Drawing | undefined {
  const event = textOf(entry, 'event')
  const message = textOf(entry, 'message')
  if (message === undefined || (event !== undefined && !unnamed.test(event))) return undefined
  const style = proseStyle(entry)
  const text = message.slice(0, maxText)
  const rows = text.split('\n', maxRows)
  const length = rows.join('\n').length
  const phrase = rows.map((row, index): Segment => {
    // A line break is shown and done: the row after it is indented like any that continues.
    const isCut = index === rows.length - 1 && length < message.length
    const end = isCut ? '…' : index === rows.length - 1 ? '' : '\\n'
    return { ...segment(0, span(row, style), span(end, dim)), ownRow: index > 0 }
  })
  return { phrase, isText: true, fields: [], drawn: ['message'] }
}

/** Node's own warning, `DeprecationWarning: …   DEP0123`. */
export function processWarning(entry: Entry): Drawing | undefined {
  if (textOf(entry, 'event') !== 'process_warning') return undefined
  const name = textOf(entry, 'name')
  const code = textOf(entry, 'code')
  const { error } = entry
  // The error's tree says both.
  if (isEntry(error) && error.type === name && error.code === entry.code)
    return { fields: [], drawn: ['name', 'code'] }
  const message = textOf(entry, 'message')
  if (message === undefined) return undefined
  const fields = [
    segment(
      0,
      span(short(name ?? 'Warning'), yellow),
      span(`: ${cut(escapeText(message.slice(0, maxText)), maxText / 2)}`),
    ),
  ]
  if (code !== undefined) fields.push(segment(3, span(short(code), cyan)))
  return { fields, drawn: ['name', 'message', 'code'] }
}

function short(text: string): string {
  return cut(escapeText(text.slice(0, maxName * 2)), maxName)
}
