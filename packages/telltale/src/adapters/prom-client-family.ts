import type { Definition, Merge } from '../metrics/definition.js'
import type { Family } from '../metrics/family.js'
import { refuse } from '../metrics/refusal.js'
import type { Slices } from '../state/slices.js'
import { place, Store } from '../metrics/store.js'
import { reportOnce } from '../self/report.js'
import { TakenExemplars } from './prom-client-exemplars.js'
import type { PromClientMetric, PromClientValue } from './prom-client-metric.js'
import type { Pairs } from './prom-client-pairs.js'

const valuesBetweenLooks = 64

/** The metric as a family. Series that are one as they are written are added up; what can't be written is left out and counted. */
export async function familyOf(
  metric: PromClientMetric,
  type: Definition['type'],
  pairs: Pairs,
  slices: Slices,
): Promise<Family> {
  const buckets = type === 'histogram' ? await boundsOf(metric.values, slices) : undefined
  const definition: Definition = {
    type,
    name: metric.name,
    help: typeof metric.help === 'string' && metric.help !== '' ? metric.help : metric.name,
    labels: [],
    ...(buckets && { buckets }),
    observed: true,
  }
  const width = buckets ? buckets.length + 2 : type === 'summary' ? 2 : 1
  const store = new Store(width)
  const exemplars = new TakenExemplars()
  const slots = new Map<string, number>()
  const own = type === 'histogram' ? 'le' : type === 'summary' ? 'quantile' : undefined
  const merge = mergeOf(metric)
  for (const [number, sample] of metric.values.entries()) {
    if (number % valuesBetweenLooks === 0 && slices.isOver()) await slices.next()
    const i = numberOf(definition, sample)
    if (i === undefined) continue
    const labels = pairs.of(sample.labels ?? {}, own)
    if (labels === undefined) {
      refuse(definition, 'invalid_labels', 'the merged registry has a label that cannot be written')
      continue
    }
    let slot = slots.get(labels)
    const isNew = slot === undefined
    if (slot === undefined) slots.set(labels, (slot = store.add(labels, width === 1 ? NaN : 0)))
    const { values } = store.chunkOf(slot)
    const at = place(slot) * width + i
    const before = isNew && width === 1 ? undefined : values[at]!
    values[at] = before === undefined ? sample.value : merged(merge, before, sample.value)
    exemplars.put(slot * width + i, sample)
  }
  if (buckets) await separate(store, buckets.length, slices)
  return { definition, store, exemplars }
}

function mergeOf({ type, aggregator }: PromClientMetric): Merge {
  return type === 'gauge' && (aggregator === 'min' || aggregator === 'max') ? aggregator : 'sum'
}

function merged(merge: Merge, a: number, b: number): number {
  return merge === 'sum' ? a + b : Math[merge](a, b)
}

/** Which of a series' numbers the sample is; undefined for one that is not taken. */
function numberOf(
  definition: Definition,
  { value, labels, metricName }: PromClientValue,
): number | undefined {
  const { type, name, buckets = [] } = definition
  const isCount = metricName === `${name}_bucket` || metricName === `${name}_count`
  const isLegal =
    typeof value === 'number' &&
    (type !== 'counter' || value >= 0) &&
    (!isCount || (value >= 0 && value < Infinity))
  if (!isLegal) {
    refuse(definition, 'invalid_value', 'the merged registry has a value that is none')
    return undefined
  }
  // A gauge that was not read yet.
  if (type === 'counter' || type === 'gauge') return Number.isNaN(value) ? undefined : 0
  if (type === 'histogram') {
    if (metricName === `${name}_sum`) return buckets.length + 1
    if (metricName !== `${name}_bucket`) return undefined
    const bound = boundOf(labels?.le)
    return bound === Infinity ? buckets.length : buckets.indexOf(bound)
  }
  if (metricName === `${name}_count`) return 0
  if (metricName === `${name}_sum`) return 1
  reportOnce(
    `metric-quantiles:${name}`,
    `summary ${name}: quantiles of a merged registry are not written, its sum and count are. Use a histogram.`,
  )
  return undefined
}

async function boundsOf(values: readonly PromClientValue[], slices: Slices): Promise<number[]> {
  const bounds = new Set<number>()
  for (const [number, { labels }] of values.entries()) {
    if (number % valuesBetweenLooks === 0 && slices.isOver()) await slices.next()
    if (labels?.le !== undefined) bounds.add(boundOf(labels.le))
  }
  return [...bounds].filter(Number.isFinite).toSorted((a, b) => a - b)
}

function boundOf(le: unknown): number {
  return le === '+Inf' ? Infinity : Number(le)
}

/** Cumulative counts become those of each bucket alone. */
async function separate(store: Store, last: number, slices: Slices): Promise<void> {
  for (let slot = 0; slot < store.count; slot++) {
    if (slot % valuesBetweenLooks === 0 && slices.isOver()) await slices.next()
    const { values } = store.chunkOf(slot)
    const at = place(slot) * store.width
    let below = 0
    for (let i = at; i <= at + last; i++) {
      const cumulative = Math.max(below, values[i]!)
      values[i] = cumulative - below
      below = cumulative
    }
  }
}
