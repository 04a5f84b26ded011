import { isatty } from 'node:tty'
import { errorKeys, reservedKeys } from '../encode/reserved-keys.js'
import { callSite } from './console/call-site.js'
import { dim, paintColour, paintNothing, wantsColour } from './console/colours.js'
import { createColumn } from './console/columns.js'
import type { Drawing } from './console/drawing.js'
import { duration } from './console/duration.js'
import { numberOf, parseEntry, textOf, type Entry } from './console/entry.js'
import { errorBrief, errorOf, errorTree, stackTree } from './console/errors.js'
import { escapeText } from './console/escape.js'
import { flowEvent, flowName } from './console/flow.js'
import { eventStyle, headOf, loggerAt, loggerOf } from './console/head.js'
import {
  indent,
  layOut,
  renderLine,
  segment,
  sizeOf,
  span,
  type Line,
  type Segment,
} from './console/layout.js'
import { notice } from './console/notices.js'
import { processWarning, prose } from './console/prose.js'
import { drawRaw } from './console/raw.js'
import { createRepeats, type Repeats } from './console/repeats.js'
import { requestEnd } from './console/request.js'
import { field } from './console/values.js'
import { cells, cut } from './console/width.js'

export { createLogfmtRenderer } from './logfmt.js'

export interface ConsoleRendererOptions {
  /** Colours: yes, no, or `'auto'` (default): FORCE_COLOR, NO_COLOR, then whether stdout is a terminal. */
  readonly color?: boolean | 'auto'
  /** Columns to fit, or a function asked for each line. Default: stdout's, and no limit where it isn't a terminal. */
  readonly width?: number | (() => number)
}

/** What every line of a service repeats, what the head shows, and what is drawn otherwise. */
const notFields: readonly string[] = [...reservedKeys, ...errorKeys, 'recorded']
const minWidth = 40
/** The least room worth hanging fields in a column of their own. */
const minRoom = 44
const minTextRoom = 32
const maxValue = 500
const maxEvent = 200
const maxFields = 64
const maxFlowColumn = 16
const maxFlowText = 64

/**
 * Makes a function that draws one JSON log line, or the object parsed from it, for a person: columns, a colour for each
 * request, requests as one phrase, flows as ladders, errors as trees. The text has no newline at its end. A line that isn't
 * a JSON object comes back as it is, behind a bar where it could pass for an entry. Control and bidi characters from the
 * line are shown escaped, never sent. Never throws. It parses what was just encoded: right where a person reads, a waste
 * where a machine does.
 *
 * Column widths grow with what was seen: make one renderer for each stream.
 *
 * @example
 * const render = createConsoleRenderer({ color: 'auto' })
 * for await (const line of createInterface({ input: process.stdin })) console.log(render(line))
 */
export function createConsoleRenderer(
  options: ConsoleRendererOptions = {},
): (line: string | object) => string {
  const { color = 'auto', width = terminalWidth } = options
  const paint = wantsColour(color, process.env, isatty(1)) ? paintColour : paintNothing
  const cwd = workingDirectory()
  const loggerColumn = createColumn(8)
  const eventColumn = createColumn(16)
  const flowColumn = createColumn(4)
  const repeats = createRepeats()

  return (line) => {
    const columns = Math.max(minWidth, (typeof width === 'function' ? width() : width) || Infinity)
    const entry = typeof line === 'string' ? parseEntry(line) : line
    if (entry === undefined) return drawRaw(String(line), columns, paint)
    try {
      return draw(entry as Entry, columns)
    } catch {
      // A getter or a proxy; what was parsed from JSON can't.
      return drawRaw('[Throws]', columns, paint)
    }
  }

  function draw(entry: Entry, columns: number): string {
    const room = Math.min(columns - indent, maxValue)
    const head = headOf(entry, loggerColumn(loggerOf(entry), columns < 100 ? 12 : 16))
    const eventAt = sizeOf(head)
    const drawing = drawingOf(entry, room)
    const event = cut(escapeText((textOf(entry, 'event') ?? '').slice(0, maxEvent * 2)), maxEvent)
    const eventBound = Math.min(32, Math.floor(columns * 0.22))
    const fieldsAt = eventAt + eventColumn(drawing?.phrase === undefined ? event : '', eventBound) + 2

    const found = errorOf(entry)
    const brief = found === undefined || found.isFull ? [] : [errorBrief(found.error, room)]
    const stack = stackOf(entry)
    const place = callSite(entry, cwd)
    const hidden = new Set([...notFields, ...(drawing?.drawn ?? []), ...(place?.drawn ?? [])])
    if (found !== undefined) hidden.add('error')
    if (stack !== undefined) hidden.add('stack')
    if (repeats.target(entry)) hidden.add('method').add('path')
    // Bound to whatever a step's code logs; the step's name says enough.
    if (textOf(entry, 'step') !== undefined && textOf(entry, 'flow_id') !== undefined)
      hidden.add('step_index')
    const fields = [...fieldsOf(entry, hidden, room, repeats), ...(place?.fields ?? [])]

    const lead = drawing?.fields ?? []
    const segments =
      drawing?.phrase === undefined
        ? [
            segment(0, span(event, eventStyle(entry))),
            ...spaced(Math.max(2, fieldsAt - eventAt - cells(event)), [
              ...lead,
              ...spaced(lead.length === 0 ? 1 : 3, [...fields, ...brief]),
            ]),
          ]
        : [...drawing.phrase, ...brief, ...spaced(3, [...lead, ...fields])]
    const isText = drawing?.isText === true
    const hangs = drawing?.phrase === undefined ? [fieldsAt, eventAt] : [isText ? eventAt : eventAt + 2]
    const hang = [...hangs, loggerAt].find((at) => columns - at >= (isText ? minTextRoom : minRoom)) ?? indent
    const rows: Line[] = stack === undefined ? [] : stackTree(stack, cwd, room)
    if (found?.isFull === true) rows.push(...errorTree(found.error, cwd, room))
    return [
      layOut(head, segments, columns, hang, paint),
      ...rows.map((row) => renderLine(row, columns, paint)),
    ].join('\n')
  }

  function drawingOf(entry: Entry, room: number): Drawing | undefined {
    const flow = flowName(entry)
    if (flow !== undefined)
      return flowEvent(entry, flowColumn(escapeText(flow.slice(0, maxFlowText)), maxFlowColumn), room)
    return requestEnd(entry, room) ?? prose(entry) ?? processWarning(entry) ?? notice(entry)
  }
}

/** A stack beside no error of its own, as it is taken for an event. */
function stackOf(entry: Entry): string | undefined {
  const stack = textOf(entry, 'stack')
  return stack !== undefined && /^\s*at /m.test(stack) ? stack : undefined
}

function fieldsOf(entry: Entry, hidden: ReadonlySet<string>, room: number, repeats: Repeats): Segment[] {
  const took = hidden.has('duration_ms') ? undefined : numberOf(entry, 'duration_ms')
  const keys = Object.keys(entry).filter(
    (key) => !hidden.has(key) && (key !== 'duration_ms' || took === undefined),
  )
  const said: Segment[] = []
  const segments: Segment[] = []
  for (const key of keys.slice(0, maxFields)) {
    const isSaid = repeats.said(entry, key)
    // What is new leads.
    ;(isSaid ? said : segments).push(field(key, entry[key], room, isSaid))
  }
  segments.push(...said)
  if (keys.length > maxFields) segments.push(segment(1, span(`and ${keys.length - maxFields} more`, dim)))
  // Where requests and flows have it, and never alone on a row.
  return took === undefined ? segments : [segment(1, span(duration(took))), ...spaced(3, segments)]
}

/** The segments, the first at a distance of its own. */
function spaced(gap: number, [first, ...others]: readonly Segment[]): Segment[] {
  return first === undefined ? [] : [{ ...first, gap }, ...others]
}

function terminalWidth(): number {
  // Asking process.stdout of a pipe would make it non-blocking, for others that hold it too.
  return isatty(1) ? process.stdout.columns : Infinity
}

function workingDirectory(): string {
  try {
    return process.cwd()
  } catch {
    return ''
  }
}
