import type { Entry, Picker } from './entry.js'
import { readLevel } from './level.js'
import { requestEnds } from './requests.js'
import { readTimestamp } from './timestamp.js'

/** What begins our line, in its order. */
export const headKeys = [
  'timestamp',
  'level',
  'logger',
  'event',
  'service',
  'version',
  'environment',
  'instance',
  'request_id',
  'trace_id',
  'span_id',
  'flow_id',
] as const

export type Head = { readonly [K in (typeof headKeys)[number]]?: string | undefined }

/** Where a format keeps what our line begins with, beside the names that many have in common. */
export type Places = { readonly [K in keyof Head]?: readonly string[] }

const common: Places = {
  request_id: [
    'request_id',
    'requestId',
    'req_id',
    'reqId',
    'http.request.id',
    'http.request_id',
    'x_request_id',
  ],
  trace_id: ['trace_id', 'traceId', 'trace.id', 'dd.trace_id', 'logging.googleapis.com/trace'],
  span_id: ['span_id', 'spanId', 'span.id', 'dd.span_id', 'logging.googleapis.com/spanId'],
  flow_id: ['flow_id', 'flowId'],
  service: ['service', 'service.name', 'dd.service'],
  version: ['version', 'service.version', 'dd.version'],
  environment: ['environment', 'env', 'service.environment', 'deployment.environment.name', 'dd.env'],
  instance: ['instance', 'service.instance.id', 'host.hostname', 'host.name'],
}

// What a name looks like; anything with a space in it is prose.
const name = /^\S{1,200}$/
// Where `log.keys` calls the event `message` or the level `status`, a field of that name had to make way.
const madeWay: ReadonlyMap<string, string> = new Map([
  ['message_', 'message'],
  ['status_', 'status'],
])
const quiet = ['trace_flags', 'traceFlags', 'process.pid']

/** Takes the head's parts out of an entry. */
export function readHead(picker: Picker, places: Places): Head {
  const text = (key: keyof Head) => picker.text(...(places[key] ?? []), ...(common[key] ?? []))
  const traced = text('trace_id')
  const head = {
    timestamp: readTimestamp(picker.value(...(places.timestamp ?? []))),
    level: readLevel(picker.value(...(places.level ?? []))),
    logger: text('logger'),
    event: text('event'),
    service: text('service'),
    version: text('version'),
    environment: text('environment'),
    instance: text('instance'),
    request_id: text('request_id'),
    // Google's is a resource name: projects/…/traces/ID.
    trace_id: isId(traced) ? traced.slice(traced.lastIndexOf('/') + 1) : undefined,
    span_id: text('span_id'),
    flow_id: text('flow_id'),
  } satisfies { [K in keyof Required<Head>]: Head[K] }
  picker.drop(...quiet)
  return head
}

/** Nought means none in Datadog's and OpenTelemetry's ids. */
function isId(id: string | undefined): id is string {
  return id !== undefined && !/^0*$/.test(id)
}

/**
 * Our line: the head in its order, the fields, the error last. A field named like the head is written as `key_`. What was
 * said in prose is a `message`, as it is in ours: an event is a name.
 */
export function writeLine(head: Head, fields: readonly [string, unknown][], error?: Entry): Entry {
  const said = requestEnd(head.event, new Map(fields)) ?? head.event
  const isProse = said !== undefined && !name.test(said)
  const pairs: [string, unknown][] = []
  for (const key of headKeys) {
    const value = key === 'event' ? (isProse ? undefined : said) : head[key]
    if (value !== undefined) pairs.push([key, value])
  }
  if (isProse) pairs.push(['message', said])
  const names = new Set(fields.map(([key]) => key))
  const taken = new Set(pairs.map(([key]) => key))
  if (error !== undefined) taken.add('error')
  for (const [given, value] of fields) {
    const was = madeWay.get(given)
    let key = was !== undefined && !taken.has(was) && !names.has(was) ? was : given
    while (taken.has(key)) key += '_'
    taken.add(key)
    pairs.push([key, value])
  }
  if (error !== undefined) pairs.push(['error', error])
  return Object.fromEntries(pairs)
}

/** Our event for a request's end, which the console draws as one phrase, where all it draws is there. */
function requestEnd(event: string | undefined, fields: ReadonlyMap<string, unknown>): string | undefined {
  const isWhole =
    typeof fields.get('method') === 'string' &&
    typeof fields.get('path') === 'string' &&
    typeof fields.get('status') === 'number'
  return event === undefined || !isWhole ? undefined : requestEnds.get(event)
}
