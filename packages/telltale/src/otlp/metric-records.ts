import type { Definition } from '../metrics/definition.js'
import { eachSeries } from '../metrics/expose/series.js'
import type { Family } from '../metrics/family.js'
import { type NativeBucket, type NativeCounts, readNative } from '../metrics/native.js'
import type { Chunk } from '../metrics/store.js'
import type {
  ClassicHistogram,
  DataPoint,
  ExponentialBuckets,
  ExponentialHistogram,
  HrTime,
  MetricData,
} from './records.js'

// DataPointType, AggregationTemporality and ValueType of OpenTelemetry's metrics.
const types = { histogram: 0, exponentialHistogram: 1, gauge: 2, sum: 3 } as const
const cumulative = 1
const double = 1

const units: Readonly<Record<string, string>> = { seconds: 's', bytes: 'By', ratio: '1' }

/** Points of one metric, at most 64 at a time, so that the event loop can turn in between. */
export function* metricRecords(family: Family, startTime: HrTime, endTime: HrTime): Iterable<MetricData> {
  const { definition, store } = family
  const shape = shapeOf(definition)
  let dataPoints: DataPoint[] = []
  const take = function* (): Iterable<MetricData> {
    if (dataPoints.length > 0) yield { ...shape, dataPoints }
    dataPoints = []
  }
  const steps = eachSeries(store, (chunk, at, slot) => {
    const attributes = attributesOf(store.labels(slot))
    dataPoints.push({ attributes, startTime, endTime, value: valueOf(family, chunk, at) })
  })
  for (const _ of steps) yield* take()
  yield* take()
}

function shapeOf({ name, help, type, native }: Definition): Omit<MetricData, 'dataPoints'> {
  const unit = units[/_([a-z]+)(_total)?$/.exec(name)?.[1] ?? ''] ?? ''
  const descriptor = { name, description: help, unit, valueType: double }
  const kind = { descriptor, aggregationTemporality: cumulative }
  if (type === 'counter') return { ...kind, dataPointType: types.sum, isMonotonic: true }
  if (type === 'gauge') return { ...kind, dataPointType: types.gauge }
  return { ...kind, dataPointType: native === undefined ? types.histogram : types.exponentialHistogram }
}

function valueOf({ definition, store }: Family, { values }: Chunk, at: number): DataPoint['value'] {
  const first = at * store.width
  const { type, buckets = [], native } = definition
  if (type === 'counter' || type === 'gauge') return values[first]!
  if (type === 'summary') return oneBucket(values[first]!, values[first + 1]!)
  const sum = values[first + buckets.length + 1]!
  if (native !== undefined) return exponential(readNative(values, first + buckets.length + 2, native), sum)
  const counts = [...values.subarray(first, first + buckets.length + 1)]
  return { count: total(counts), sum, buckets: { boundaries: buckets, counts } }
}

/** A sum and a count: the serializers know no summary. */
function oneBucket(count: number, sum: number): ClassicHistogram {
  return { count, sum, buckets: { boundaries: [], counts: [count] } }
}

function exponential(counts: NativeCounts, sum: number): ExponentialHistogram {
  const { zeroCount } = counts
  let { schema, positive, negative } = counts
  // Empty buckets in between are written out: what is far apart is told more coarsely.
  while (Math.max(width(positive), width(negative)) > maxDense) {
    schema--
    positive = halved(positive)
    negative = halved(negative)
  }
  return {
    count: zeroCount + total([...positive, ...negative].map(([, count]) => count)),
    sum,
    scale: schema,
    zeroCount,
    positive: dense(positive),
    negative: dense(negative),
  }
}

const maxDense = 640

function width(buckets: readonly NativeBucket[]): number {
  return buckets.length === 0 ? 0 : buckets.at(-1)![0] - buckets[0]![0] + 1
}

/** Two neighbouring buckets as one. */
function halved(buckets: readonly NativeBucket[]): readonly NativeBucket[] {
  const counts = new Map<number, number>()
  for (const [key, count] of buckets) {
    const coarser = Math.ceil(key / 2)
    counts.set(coarser, (counts.get(coarser) ?? 0) + count)
  }
  return [...counts]
}

/** Prometheus names a bucket by its upper bound, OpenTelemetry by its lower one: it counts one less. */
function dense(buckets: readonly NativeBucket[]): ExponentialBuckets {
  const [first] = buckets[0] ?? []
  if (first === undefined) return { offset: 0, bucketCounts: [] }
  const bucketCounts = Array.from({ length: width(buckets) }, () => 0)
  for (const [key, count] of buckets) bucketCounts[key - first] = count
  return { offset: first - 1, bucketCounts }
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

const pair = /([^=,]+)="((?:[^"\\]|\\.)*)"/g

/** From the pairs `a="x",b="y"` as they are written, their escapes undone. */
function attributesOf(labels: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [, name, value] of labels.matchAll(pair)) {
    attributes[name!] = value!.replace(/\\(.)/g, (_all, escaped: string) =>
      escaped === 'n' ? '\n' : escaped,
    )
  }
  return attributes
}
