import { reservedKeys } from '../encode/reserved-keys.js'
import type { Identity } from '../log/pipeline.js'
import type { KeyNames } from '../log/pipeline.js'
import { type HrTime, hrTime, type LogRecord, type Resource, type Scope } from './records.js'

// The log data model's severity numbers.
const severities: Readonly<Record<string, number>> = {
  debug: 5,
  info: 9,
  warning: 13,
  error: 17,
  critical: 21,
}

const maxScopes = 1000
const hexTraceId = /^[0-9a-f]{32}$/
const hexSpanId = /^[0-9a-f]{16}$/

const resourceNames = {
  service: 'service.name',
  version: 'service.version',
  environment: 'deployment.environment.name',
  instance: 'service.instance.id',
} as const satisfies Record<keyof Identity, string>

type Fields = Record<string, unknown>

/** Reads written lines back as log records: the line is what was redacted. */
export class LogRecords {
  readonly #resource: Resource
  readonly #keys: KeyNames
  readonly #reserved: ReadonlySet<string>
  readonly #scopes = new Map<string, Scope>()

  constructor(resource: Resource, keys: KeyNames) {
    this.#resource = resource
    this.#keys = keys
    this.#reserved = new Set(reservedKeys.filter((key) => !kept.has(key)).map((key) => keys[key]))
  }

  record(line: string): LogRecord {
    const fields = parsed(line)
    const keys = this.#keys
    const level = text(fields[keys.level])
    const event = text(fields[keys.event])
    const time = timeIn(fields[keys.timestamp])
    return {
      resource: this.#resource,
      instrumentationScope: this.#scope(text(fields[keys.logger])),
      hrTime: time,
      hrTimeObserved: time,
      severityNumber: severities[level] ?? 0,
      severityText: level,
      body: event === '' ? line.trimEnd() : event,
      eventName: event === '' ? undefined : event,
      attributes: this.#attributes(fields),
      spanContext: spanContext(fields[keys.trace_id], fields[keys.span_id]),
      droppedAttributesCount: 0,
    }
  }

  #attributes(fields: Fields): Fields {
    // A field may have any name, __proto__ too.
    const attributes = Object.create(null) as Fields
    for (const name in fields) {
      const value = fields[name]
      if (this.#reserved.has(name)) continue
      if (name === 'error' && isRecord(value)) describeError(value, attributes)
      else attributes[name] = value
    }
    this.#whoElse(fields, attributes)
    return attributes
  }

  /** A worker thread may be set up as another service than the one that sends its lines. */
  #whoElse(fields: Fields, attributes: Fields): void {
    for (const [key, name] of Object.entries(resourceNames) as [keyof Identity, string][]) {
      const value = fields[this.#keys[key]]
      if (value !== undefined && value !== this.#resource.attributes[name]) attributes[name] = value
    }
  }

  // One object for each name: the serializers put records together by it.
  #scope(name: string): Scope {
    let scope = this.#scopes.get(name)
    if (scope === undefined) {
      if (this.#scopes.size >= maxScopes) this.#scopes.clear()
      this.#scopes.set(name, (scope = { name }))
    }
    return scope
  }
}

// Ids that a record has no field for.
const kept: ReadonlySet<string> = new Set(['request_id', 'flow_id'])

function parsed(line: string): Fields {
  try {
    return JSON.parse(line) as Fields
  } catch {
    return {}
  }
}

function describeError({ type, message, stack, ...rest }: Fields, attributes: Fields): void {
  if (type !== undefined) attributes['exception.type'] = type
  if (message !== undefined) attributes['exception.message'] = message
  if (stack !== undefined) attributes['exception.stacktrace'] = stack
  if (Object.keys(rest).length > 0) attributes['error'] = rest
}

function spanContext(traceId: unknown, spanId: unknown): LogRecord['spanContext'] {
  if (typeof traceId !== 'string' || !hexTraceId.test(traceId)) return undefined
  return { traceId, ...(typeof spanId === 'string' && hexSpanId.test(spanId) && { spanId }) }
}

// Up to the second; the second of many lines is the same.
const shape = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z$/
let lastSecond = ['', 0] as [written: string, seconds: number]

/** RFC 3339 with microseconds, as lines have it. */
function timeIn(value: unknown): HrTime {
  const match = typeof value === 'string' ? shape.exec(value) : null
  if (match === null) return hrTime(Date.now() * 1000)
  const [, second, micros] = match as unknown as [string, string, string]
  if (second !== lastSecond[0]) lastSecond = [second, Date.parse(`${second}Z`) / 1000]
  return [lastSecond[1], Number(micros) * 1000]
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
