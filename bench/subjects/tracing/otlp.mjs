// OTLP's requests, as far as they are read here: https://github.com/open-telemetry/opentelemetry-proto. Traces and logs
// are nested alike: a request's field 1 are resources, whose field 2 are scopes, whose field 2 are spans or records.
const field = { resources: 1, scopes: 2, items: 2 }
const span = { traceId: 1, spanId: 2, parentSpanId: 4, name: 5, kind: 6 }
const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']

/** The fields of one protobuf message: `[number, value]`, a `Buffer` for what has a length, else a number or undefined. */
export function* fieldsOf(bytes) {
  let at = 0
  const varint = () => {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++]
      if (byte === undefined) throw new RangeError('The message ends inside of a number.')
      value += (byte & 127) * shift
      if (byte < 128) return value
    }
  }
  const skip = (length) => {
    if (at + length > bytes.length) throw new RangeError('The message ends inside of a field.')
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const key = varint()
    const number = Math.floor(key / 8)
    if (key % 8 === 0) yield [number, varint()]
    else if (key % 8 === 2) yield [number, skip(varint())]
    else if (key % 8 === 1 || key % 8 === 5) yield [number, void skip(key % 8 === 1 ? 8 : 4)]
    else throw new RangeError(`There is no wire type ${key % 8}.`)
  }
}

/** The spans of an export request, or its log records, each as its bytes. */
export function* itemsOf(bytes) {
  for (const resource of inside(bytes, field.resources))
    for (const scope of inside(resource, field.scopes)) yield* inside(scope, field.items)
}

/** A span as far as it is compared; ids are hex, `parentSpanId` is empty for the first one of a trace. */
export function spanOf(bytes) {
  const read = { traceId: '', spanId: '', parentSpanId: '', name: '', kind: kinds[0] }
  for (const [number, value] of fieldsOf(bytes)) {
    if (number === span.traceId) read.traceId = value.toString('hex')
    else if (number === span.spanId) read.spanId = value.toString('hex')
    else if (number === span.parentSpanId) read.parentSpanId = value.toString('hex')
    else if (number === span.name) read.name = value.toString('utf8')
    else if (number === span.kind) read.kind = kinds[value]
  }
  return read
}

function* inside(bytes, wanted) {
  for (const [number, value] of fieldsOf(bytes)) if (number === wanted) yield value
}
