import { createConsoleRenderer } from 'telltale/console'
import type { Entry } from '../formats/entry.js'
import type { Row } from './read.js'

export const outputFormats = ['console', 'json'] as const

export type OutputFormat = (typeof outputFormats)[number]

export interface DrawOptions {
  readonly format: OutputFormat
  readonly color: boolean | 'auto'
  readonly width: number | undefined
}

// What a row or its continuation begins with. A text that begins so too would pass for one.
const imitation = /^(?:\d\d:\d\d:\d\d\.\d{3}(?: {2}|$)| {12})/
// Unescaped, C1 controls, DEL and bidi overrides are valid in JSON and still control a terminal.
const unsafeInJson = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Makes a function that writes a row as text, one or more lines without the last newline. */
export function createDraw({ format, color, width }: DrawOptions): (row: Row) => string {
  if (format === 'json') return drawJson
  const render = createConsoleRenderer({ color, ...(width === undefined ? undefined : { width }) })
  return (row) => {
    if (row.kind === 'entry') return render(JSON.stringify(row.isOwn ? row.entry : traced(row.entry)))
    const text = render(row.text)
    return imitation.test(text) ? `│ ${text}` : text
  }
}

function drawJson(row: Row): string {
  const object = row.kind === 'entry' ? row.entry : { event: row.text }
  return JSON.stringify(object).replace(unsafeInJson, (found) =>
    found
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

/** Loggers that know traces but no requests: the trace stands in the column that tells one request from the next. */
function traced(entry: Entry): Entry {
  const { request_id, flow_id, trace_id, event } = entry
  if (request_id !== undefined || flow_id !== undefined || typeof trace_id !== 'string') return entry
  // The end of a failed request is drawn with its whole request_id, which a trace's is not.
  if (typeof event === 'string' && event.startsWith('request_')) return entry
  return { ...entry, request_id: trace_id }
}
