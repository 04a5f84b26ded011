import { asNumber, createPicker, isEntry, placeOf } from './entry.js'
import { errorOfParts, readError } from './error.js'
import type { Format } from './format.js'
import { readHead, writeLine } from './line.js'

/** Google Cloud's structured logging: `severity`, `time`, `httpRequest`, `logging.googleapis.com/trace`. */
export const gcp = {
  name: 'gcp',
  matches: (entry) => typeof entry.severity === 'string' || 'logging.googleapis.com/trace' in entry,
  normalise(entry) {
    const picker = createPicker(entry)
    const seconds = picker.number('timestampSeconds')
    const nanos = picker.number('timestampNanos')
    const told = readHead(picker, {
      timestamp: ['time', 'timestamp', 'eventTime'],
      level: ['severity', 'level'],
      logger: ['logger', 'name'],
      event: ['message', 'msg', 'event', 'textPayload'],
    })
    picker.drop('logging.googleapis.com/trace_sampled', 'logging.googleapis.com/insertId')
    const request = picker.value('httpRequest')
    const http = isEntry(request) ? requestOf(request, told.event !== undefined) : []
    const labels = picker.value('logging.googleapis.com/labels', 'labels')
    const source = placeOf(picker.value('logging.googleapis.com/sourceLocation'), 'function')
    const error =
      readError(picker.value('error', 'err', 'exception')) ??
      errorOfParts(undefined, undefined, picker.text('stack_trace', 'stack'))
    const head = {
      ...told,
      timestamp: told.timestamp ?? (seconds === undefined ? undefined : isoOf(seconds, nanos ?? 0)),
      // A request log needs no words: the console draws the request itself.
      event: told.event ?? (http.length > 0 ? 'request_completed' : undefined),
    }
    const fields = [...http, ...picker.rest(), ...(isEntry(labels) ? Object.entries(labels) : []), ...source]
    return [writeLine(head, fields, error)]
  },
} satisfies Format<'gcp'>

function isoOf(seconds: number, nanos: number): string | undefined {
  const date = new Date(seconds * 1000 + nanos / 1e6)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

function requestOf(request: Record<string, unknown>, isBeside: boolean): [string, unknown][] {
  const picker = createPicker(request)
  const took = /^([\d.]+)s$/.exec(picker.text('latency') ?? '')?.[1]
  const url = picker.text('requestUrl')
  const method = picker.text('requestMethod')
  const path = url?.replace(/^https?:\/\/[^/]*/, '')
  const target: [string, unknown][] = isBeside
    ? [['request', `${method ?? ''} ${path ?? ''}`.trim()]]
    : [
        ['method', method],
        ['path', path],
      ]
  const fields: [string, unknown][] = [
    ...target,
    ['status', asNumber(picker.value('status'))],
    ['duration_ms', took === undefined ? undefined : Number(took) * 1000],
    ['remote_address', picker.text('remoteIp')],
    ['user_agent', picker.text('userAgent')],
  ]
  return [...fields.filter(([, value]) => value !== undefined), ...picker.rest()]
}
