import { errorKeys, reservedKeys } from '../encode/reserved-keys.js'
import { dim, paintColour, paintNothing, wantsColour } from './console/colours.js'
import { createColumn } from './console/columns.js'
import { duration } from './console/duration.js'
import { isEntry, numberOf, textOf, type Entry } from './console/entry.js'
import { errorBrief, errorOf, errorTree } from './console/errors.js'
import { escapeText } from './console/escape.js'
import { flowEvent, flowName } from './console/flow.js'
import { eventStyle, headOf, loggerAt } from './console/head.js'
import { indent, layOut, renderLine, segment, sizeOf, span, type Segment } from './console/layout.js'
import { createRepeats } from './console/repeats.js'
import { requestEnd } from './console/request.js'
import { field } from './console/values.js'
import { cells, cut } from './console/width.js'

export interface ConsoleRendererOptions {
  /** Colours: yes, no, or `'auto'` (default): FORCE_COLOR, NO_COLOR, then whether stdout is a terminal. */
  readonly color?: boolean | 'auto'
  /** Columns to fit, or a function asked for each line. Default: stdout's, and no limit where it isn't a terminal. */
  readonly width?: number | (() => number)
}

/** What every line of a service repeats, what the head shows, and what is drawn otherwise. */
const notFields: readonly string[] = [...reservedKeys, ...errorKeys]
const minWidth = 40
/** The least room worth hanging fields in a column of their own. */
const minRoom = 44
const maxValue = 500
const maxEvent = 200
const maxFields = 64
const maxFlowColumn = 16

/**
 * Makes a function that draws one JSON log line for a person: columns, a colour for each request, requests as one phrase,
 * flows as ladders, errors as trees. The text has no newline at its end; a line that isn't a JSON object comes back as it
 * is. Control and bidi characters from the line are shown escaped, never sent. Never throws. It parses what was just
 * encoded: right where a person reads, a waste where a machine does.
 *
 * Column widths grow with what was seen: make one renderer for each stream.
 *
 * @example
 * const render = createConsoleRenderer({ color: 'auto' })
 * for await (const line of createInterface({ input: process.stdin })) console.log(render(line))
 */
export function createConsoleRenderer(options: ConsoleRendererOptions = {}): (line: string) => string {
  const { color = 'auto', width = terminalWidth } = options
  const paint = wantsColour(color, process.env, process.stdout.isTTY) ? paintColour : paintNothing
  const cwd = workingDirectory()
  const loggerColumn = createColumn(8)
  const eventColumn = createColumn(16)
  const flowColumn = createColumn(4)
  const repeats = createRepeats()

  return (line) => {
    const entry = parse(line)
    if (entry === undefined) return escapeText(line.replace(/\r?\n$/, ''))

    const columns = Math.max(minWidth, (typeof width === 'function' ? width() : width) || Infinity)
    const room = Math.min(columns - indent, maxValue)
    const head = headOf(
      entry,
      loggerColumn(escapeText(textOf(entry, 'logger') ?? ''), columns < 100 ? 12 : 16),
    )
    const eventAt = sizeOf(head)
    const eventBound = Math.min(32, Math.floor(columns * 0.22))

    const flow = flowName(entry)
    const drawing =
      flow === undefined
        ? requestEnd(entry, room)
        : flowEvent(entry, flowColumn(escapeText(flow), maxFlowColumn), room)
    const event = cut(escapeText((textOf(entry, 'event') ?? '').slice(0, maxEvent * 2)), maxEvent)
    const fieldsAt = eventAt + eventColumn(drawing === undefined ? event : '', eventBound) + 2

    const found = errorOf(entry)
    const brief = found === undefined || found.isFull ? [] : [errorBrief(found.error, room)]
    const hidden = new Set([...notFields, ...(drawing?.drawn ?? [])])
    if (found !== undefined) hidden.add('error')
    if (repeats(entry)) hidden.add('method').add('path')
    // Bound to whatever a step's code logs; the step's name says enough.
    if (textOf(entry, 'step') !== undefined && textOf(entry, 'flow_id') !== undefined)
      hidden.add('step_index')
    const fields = fieldsOf(entry, hidden, room)

    const segments =
      drawing === undefined
        ? [
            segment(0, span(event, eventStyle(entry))),
            ...spaced(Math.max(2, fieldsAt - eventAt - cells(event)), [...fields, ...brief]),
          ]
        : [...drawing.phrase, ...brief, ...spaced(3, [...drawing.fields, ...fields])]
    const hangs = [...(drawing === undefined ? [fieldsAt, eventAt] : [eventAt + 2]), loggerAt]
    const hang = hangs.find((at) => columns - at >= minRoom) ?? indent
    const text = layOut(head, segments, columns, hang, paint)
    if (found?.isFull !== true) return text
    return [text, ...errorTree(found.error, cwd, room).map((line) => renderLine(line, columns, paint))].join(
      '\n',
    )
  }
}

function fieldsOf(entry: Entry, hidden: ReadonlySet<string>, room: number): Segment[] {
  const took = hidden.has('duration_ms') ? undefined : numberOf(entry, 'duration_ms')
  const keys = Object.keys(entry).filter(
    (key) => !hidden.has(key) && (key !== 'duration_ms' || took === undefined),
  )
  const segments = keys.slice(0, maxFields).map((key) => field(key, entry[key], room))
  if (keys.length > maxFields) segments.push(segment(1, span(`and ${keys.length - maxFields} more`, dim)))
  if (took !== undefined) segments.push(segment(3, span(duration(took))))
  return segments
}

/** The segments, the first at a distance of its own. */
function spaced(gap: number, [first, ...others]: readonly Segment[]): Segment[] {
  return first === undefined ? [] : [{ ...first, gap }, ...others]
}

function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : Infinity
}

function workingDirectory(): string {
  try {
    return process.cwd()
  } catch {
    return ''
  }
}

function parse(line: string): Entry | undefined {
  if (!/^\s*\{/.test(line)) return undefined
  try {
    const value: unknown = JSON.parse(line)
    return isEntry(value) ? value : undefined
  } catch {
    return undefined
  }
}
