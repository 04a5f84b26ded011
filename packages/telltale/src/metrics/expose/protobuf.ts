import type { Exemplar } from '../exemplars.js'
import type { Family } from '../family.js'
import { wellFormed } from '../label-value.js'
import { type NativeBucket, type NativeCounts, readNative } from '../native.js'
import type { Chunk } from '../store.js'
import { Bytes } from './bytes.js'
import type { Format } from './format.js'
import { Message, zigzag } from './message.js'
import { eachSeries } from './series.js'

/** io.prometheus.client (prometheus/client_model, metrics.proto): each family's length, then its message. */
export const protobuf = {
  contentType: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
  family: writeFamily,
  end: '',
} satisfies Format

/** The fields' numbers in metrics.proto. */
const fields = {
  family: { name: 1, help: 2, type: 3, metric: 4 },
  metric: { label: 1, gauge: 2, counter: 3, summary: 4, histogram: 7 },
  label: { name: 1, value: 2 },
  counter: { value: 1, exemplar: 2 },
  gauge: { value: 1 },
  summary: { count: 1, sum: 2 },
  histogram: {
    count: 1,
    sum: 2,
    bucket: 3,
    schema: 5,
    zeroThreshold: 6,
    zeroCount: 7,
    negativeSpan: 9,
    negativeDelta: 10,
    positiveSpan: 12,
    positiveDelta: 13,
    exemplar: 16,
  },
  bucket: { count: 1, bound: 2, exemplar: 3 },
  span: { offset: 1, length: 2 },
  exemplar: { label: 1, value: 2, timestamp: 3 },
  timestamp: { seconds: 1, nanos: 2 },
} as const

const types = { counter: 0, gauge: 1, summary: 2, histogram: 4 } as const

/** A family's length stands before it, so its series are written beside and their chunks then taken over as they are. */
function* writeFamily(out: Bytes, family: Family): Iterable<void> {
  const { definition, store } = family
  const write = writers[definition.type]
  const series = new Bytes()
  const message = new Message()
  yield* eachSeries(store, (chunk, at, slot) => {
    message.at = 0
    const metric = message.open(fields.family.metric)
    writeLabels(message, store.bytes, chunk, at)
    write(message, family, { values: chunk.values, at: at * store.width, index: slot * store.width })
    message.close(metric)
    series.copy(message.view, 0, message.at)
  })
  if (series.at === 0) return
  message.at = 0
  message.text(fields.family.name, definition.name)
  message.text(fields.family.help, wellFormed(definition.help))
  message.uint(fields.family.type, types[definition.type])
  const head = message.at
  message.varint(series.chunks.reduce((sum, { length }) => sum + length, head + series.at))
  out.copy(message.view, head, message.at)
  out.copy(message.view, 0, head)
  append(out, series)
}

function append(out: Bytes, series: Bytes): void {
  if (series.chunks.length === 0) return out.copy(series.view, 0, series.at)
  out.done()
  for (const chunk of series.chunks) out.chunks.push(chunk)
  // What comes next follows in the last, unfinished one.
  out.continue(series.buffer, series.at)
}

const writers = {
  counter: writeCounter,
  gauge: writeGauge,
  summary: writeSummary,
  histogram: writeHistogram,
} satisfies Record<string, (message: Message, family: Family, numbers: Numbers) => void>

/** One series' numbers, which begin at `at`, and the index of the first one's exemplar. */
interface Numbers {
  readonly values: Float64Array
  readonly at: number
  readonly index: number
}

function writeCounter(message: Message, { exemplars }: Family, { values, at, index }: Numbers): void {
  const counter = message.open(fields.metric.counter)
  message.double(fields.counter.value, values[at]!)
  writeExemplar(message, fields.counter.exemplar, exemplars?.get(index))
  message.close(counter)
}

function writeGauge(message: Message, _: Family, { values, at }: Numbers): void {
  const gauge = message.open(fields.metric.gauge)
  message.double(fields.gauge.value, values[at]!)
  message.close(gauge)
}

function writeSummary(message: Message, _: Family, { values, at }: Numbers): void {
  const summary = message.open(fields.metric.summary)
  message.uint(fields.summary.count, values[at]!)
  message.double(fields.summary.sum, values[at + 1]!)
  message.close(summary)
}

function writeHistogram(
  message: Message,
  { definition, exemplars }: Family,
  { values, at: first, index }: Numbers,
): void {
  const { buckets = [], native } = definition
  const sum = first + buckets.length + 1
  const histogram = message.open(fields.metric.histogram)
  let count = 0
  for (let i = 0; i <= buckets.length; i++) {
    count += values[first + i]!
    const exemplar = exemplars?.get(index + i)
    // Without classic buckets the one bucket is there for its exemplar: Prometheus 2 looks for none elsewhere.
    if (buckets.length === 0 && native !== undefined && exemplar === undefined) continue
    const bucket = message.open(fields.histogram.bucket)
    message.uint(fields.bucket.count, count)
    message.double(fields.bucket.bound, buckets[i] ?? Infinity)
    writeExemplar(message, fields.bucket.exemplar, exemplar)
    message.close(bucket)
  }
  message.double(fields.histogram.sum, values[sum]!)
  if (native === undefined) message.uint(fields.histogram.count, count)
  else {
    writeNative(message, readNative(values, sum + 1, native))
    for (let i = 0; i <= buckets.length; i++) {
      writeExemplar(message, fields.histogram.exemplar, exemplars?.get(index + i))
    }
  }
  message.close(histogram)
}

function writeNative(message: Message, counts: NativeCounts): void {
  const { schema, zeroThreshold, zeroCount, positive, negative } = counts
  const names = fields.histogram
  let count = zeroCount
  for (const [, inside] of positive) count += inside
  for (const [, inside] of negative) count += inside
  message.uint(names.count, count)
  message.sint(names.schema, schema)
  message.double(names.zeroThreshold, zeroThreshold)
  message.uint(names.zeroCount, zeroCount)
  writeBuckets(message, names.negativeSpan, names.negativeDelta, negative)
  writeBuckets(message, names.positiveSpan, names.positiveDelta, positive)
  // A span of nothing tells an empty native histogram from a classic one, where no threshold does.
  if (count === 0 && zeroThreshold === 0) writeSpan(message, names.positiveSpan, 0, 0)
}

/** Runs of neighbouring buckets, and each bucket's count as the difference to that of the one before. */
function writeBuckets(
  message: Message,
  spanField: number,
  deltaField: number,
  buckets: readonly NativeBucket[],
): void {
  if (buckets.length === 0) return
  let next = 0
  for (let i = 0; i < buckets.length;) {
    const begin = i
    const key = buckets[i]![0]
    while (i < buckets.length && buckets[i]![0] === key + i - begin) i++
    writeSpan(message, spanField, key - next, i - begin)
    next = key + i - begin
  }
  const deltas = message.open(deltaField)
  let before = 0
  for (const [, count] of buckets) {
    message.varint(zigzag(count - before))
    before = count
  }
  message.close(deltas)
}

function writeSpan(message: Message, field: number, offset: number, length: number): void {
  const span = message.open(field)
  message.sint(fields.span.offset, offset)
  message.uint(fields.span.length, length)
  message.close(span)
}

function writeExemplar(message: Message, field: number, exemplar: Exemplar | undefined): void {
  if (exemplar === undefined) return
  const { traceId, requestId, value, time } = exemplar
  const written = message.open(field)
  if (traceId !== undefined) writeLabel(message, fields.exemplar.label, 'trace_id', traceId)
  if (requestId !== undefined) writeLabel(message, fields.exemplar.label, 'request_id', wellFormed(requestId))
  message.double(fields.exemplar.value, value)
  const timestamp = message.open(fields.exemplar.timestamp)
  const seconds = Math.floor(time / 1000)
  message.uint(fields.timestamp.seconds, seconds)
  message.uint(fields.timestamp.nanos, (time - seconds * 1000) * 1e6)
  message.close(timestamp)
  message.close(written)
}

function writeLabel(message: Message, field: number, name: string, value: string): void {
  const label = message.open(field)
  message.text(fields.label.name, name)
  message.text(fields.label.value, value)
  message.close(label)
}

const [equals, comma, backslash, n, newline, quote] = [...Buffer.from('=,\\n\n"')] as [
  number,
  number,
  number,
  number,
  number,
  number,
]

/** From the pairs `a="x",b="y"` as the text formats have them, their escapes undone. */
function writeLabels(message: Message, bytes: Uint8Array, { spans }: Chunk, place: number): void {
  let at = spans[2 * place]!
  const end = spans[2 * place + 1]!
  while (at < end) {
    if (bytes[at] === comma) at++
    const label = message.open(fields.metric.label)
    const name = message.open(fields.label.name)
    while (bytes[at] !== equals) message.byte(bytes[at++]!)
    message.close(name)
    const value = message.open(fields.label.value)
    // Behind =" and up to the next quote that is not escaped.
    for (at += 2; bytes[at] !== quote; at++) {
      if (bytes[at] !== backslash) message.byte(bytes[at]!)
      else message.byte(bytes[++at] === n ? newline : bytes[at]!)
    }
    message.close(value)
    message.close(label)
    at++
  }
}
