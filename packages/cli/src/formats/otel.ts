import { asNumber, createPicker, isEntry, type Entry } from './entry.js'
import { errorOfParts } from './error.js'
import type { Format } from './format.js'
import { levelOf, levelOfSeverity, levelOfTens, type Level } from './level.js'
import { readHead, writeLine } from './line.js'
import { readTimestamp } from './timestamp.js'

const maxDepth = 16

/**
 * OpenTelemetry's log records in OTLP/JSON (opentelemetry-proto logs/v1): one alone, or the envelope of many that the
 * collector's file exporter writes as one line.
 */
export const otel = {
  name: 'otel',
  matches: (entry) =>
    Array.isArray(entry.resourceLogs) ||
    ((entry.timeUnixNano !== undefined || entry.observedTimeUnixNano !== undefined) &&
      (entry.body !== undefined || entry.severityNumber !== undefined || entry.attributes !== undefined)),
  normalise(entry) {
    if (!Array.isArray(entry.resourceLogs)) return [lineOf(entry, {}, undefined)]
    return entries(entry.resourceLogs).flatMap((resourceLogs) => {
      const resource = isEntry(resourceLogs.resource) ? attributesOf(resourceLogs.resource.attributes) : {}
      // Before OTLP 0.15 scopes were called instrumentation libraries.
      const scopes = entries(resourceLogs.scopeLogs ?? resourceLogs.instrumentationLibraryLogs)
      return scopes.flatMap(({ scope, instrumentationLibrary, logRecords, logs }) => {
        const named = isEntry(scope) ? scope : instrumentationLibrary
        const name =
          isEntry(named) && typeof named.name === 'string' && named.name !== '' ? named.name : undefined
        return entries(logRecords ?? logs).map((record) => lineOf(record, resource, name))
      })
    })
  },
} satisfies Format<'otel'>

function lineOf(record: Entry, resource: Entry, scope: string | undefined): Entry {
  const body = valueOf(record.body, 0)
  const attributes = Array.isArray(record.attributes)
    ? attributesOf(record.attributes)
    : isEntry(record.attributes)
      ? record.attributes
      : {}
  const own = isEntry(record.resource) ? attributesOf(record.resource.attributes) : {}
  const fields = isEntry(body) ? { ...body, ...attributes } : attributes
  const picker = createPicker(fields)
  const head = readHead(picker, {
    logger: ['logger', 'logger.name', 'code.namespace'],
    event: ['event.name'],
  })
  const from = readHead(createPicker({ ...resource, ...own }), { environment: ['deployment.environment'] })
  const ids = readHead(createPicker(record), {})
  const error = errorOfParts(
    picker.text('exception.type'),
    picker.text('exception.message'),
    picker.text('exception.stacktrace'),
  )
  const text =
    body === undefined || isEntry(body) ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
  const name = typeof record.eventName === 'string' && record.eventName !== '' ? record.eventName : head.event
  const event = name ?? text ?? picker.text('message', 'msg', 'event')
  const time = [record.timeUnixNano, record.observedTimeUnixNano].find((one) => (asNumber(one) ?? 0) > 0)
  return writeLine(
    {
      ...head,
      ...Object.fromEntries(
        Object.entries(from).filter(([key, value]) => value !== undefined && key in head),
      ),
      timestamp: readTimestamp(time),
      level: levelOfRecord(record),
      logger: head.logger ?? scope,
      event,
      request_id: head.request_id,
      trace_id: ids.trace_id ?? head.trace_id,
      span_id: ids.span_id ?? head.span_id,
      flow_id: head.flow_id,
    },
    [
      ...(name !== undefined && text !== undefined && text !== name
        ? [['body', text] as [string, unknown]]
        : []),
      ...picker.rest(),
    ],
    error,
  )
}

function levelOfRecord({ severityNumber, severityText }: Entry): Level | string | undefined {
  const word = typeof severityText === 'string' && severityText !== '' ? severityText : undefined
  const number = asNumber(severityNumber)
  // The number is the standard's, the text the source's own word.
  const bySpecification = number === undefined ? undefined : levelOfSeverity(number)
  const named = typeof severityNumber === 'string' ? levelOf(severityNumber) : undefined
  return (
    bySpecification ?? named ?? (word === undefined ? undefined : (levelOf(word) ?? numeric(word) ?? word))
  )
}

function numeric(word: string): Level | undefined {
  const number = asNumber(word)
  return number === undefined ? undefined : levelOfTens(number)
}

function attributesOf(list: unknown): Entry {
  return Object.fromEntries(
    entries(list).flatMap(({ key, value }) => (typeof key === 'string' ? [[key, valueOf(value, 0)]] : [])),
  )
}

/** An AnyValue: exactly one of its fields is set; 64-bit integers are text. */
function valueOf(value: unknown, depth: number): unknown {
  if (!isEntry(value) || depth > maxDepth) return value ?? undefined
  if ('stringValue' in value) return value.stringValue
  if ('intValue' in value) return integer(value.intValue)
  if ('doubleValue' in value) return value.doubleValue
  if ('boolValue' in value) return value.boolValue
  if ('bytesValue' in value) return value.bytesValue
  if (isEntry(value.arrayValue)) {
    const { values } = value.arrayValue
    return Array.isArray(values) ? values.map((one) => valueOf(one, depth + 1)) : []
  }
  if (isEntry(value.kvlistValue)) {
    return Object.fromEntries(
      entries(value.kvlistValue.values).flatMap(({ key, value: inner }) =>
        typeof key === 'string' ? [[key, valueOf(inner, depth + 1)]] : [],
      ),
    )
  }
  return Object.keys(value).length === 0 ? undefined : value
}

function integer(value: unknown): unknown {
  const number = asNumber(value)
  return number !== undefined && Number.isSafeInteger(number) ? number : value
}

function entries(list: unknown): Entry[] {
  return Array.isArray(list) ? list.filter(isEntry) : []
}
