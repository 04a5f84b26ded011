import { createConsoleRenderer, createLogfmtRenderer } from 'telltale/console'
import type { Entry } from '../formats/entry.js'
import { createRequests } from '../formats/requests.js'
import type { Row } from './read.js'

export const outputFormats = ['console', 'logfmt', 'json'] as const

export type OutputFormat = (typeof outputFormats)[number]

export interface DrawOptions {
  readonly format: OutputFormat
  readonly color: boolean | 'auto'
  readonly width: number | undefined
}

// Unescaped, C1 controls, DEL and bidi overrides are valid in JSON and still control a terminal.
const unsafeInJson = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Makes a function that writes a row as text, one or more lines without the last newline. */
export function createDraw({ format, color, width }: DrawOptions): (row: Row) => string {
  if (format === 'json') return drawJson
  if (format === 'logfmt') {
    const write = createLogfmtRenderer()
    return (row) => write(row.kind === 'entry' ? row.entry : row.text)
  }
  const render = createConsoleRenderer({ color, ...(width === undefined ? undefined : { width }) })
  const adapt = createAdapt()
  return (row) => {
    if (row.kind === 'text') return render(row.text)
    return render(row.isOwn ? row.entry : adapt(row.entry))
  }
}

function drawJson(row: Row): string {
  const object = row.kind === 'entry' ? row.entry : { message: row.text }
  return JSON.stringify(object).replace(unsafeInJson, (found) =>
    found
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

/**
 * What the console makes of our own lines, for lines of others: the trace stands in the column that tells one request from
 * the next where there is no request's id; and the first line of a request says what was asked for, since the console
 * leaves method and path to a request's end, which others may never draw.
 */
function createAdapt(): (entry: Entry) => Entry {
  const requests = createRequests()
  return (entry) => {
    const { request_id, flow_id, trace_id, event, method, path } = entry
    // Drawn in full already.
    if (typeof event === 'string' && event.startsWith('request_')) return entry
    const id = request_id ?? (flow_id === undefined ? trace_id : undefined)
    if (typeof id !== 'string') return entry
    const isRequest = typeof method === 'string' && typeof path === 'string' && path.startsWith('/')
    const isFirst = isRequest && !isRenamed(entry) && requests.begin(id, { method, path })
    return { ...(isFirst ? { request: `${method} ${path}` } : undefined), ...entry, request_id: id }
  }
}

/** Our own line with other names for its keys: what begins each of ours is all there. */
function isRenamed({ logger, service, environment, instance }: Entry): boolean {
  return [logger, service, environment, instance].every((value) => typeof value === 'string')
}
