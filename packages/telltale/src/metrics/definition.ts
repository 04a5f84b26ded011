import type { Labels } from './labels.js'
import { nativeOf } from './native-definition.js'
import type { Native, NativeOptions } from './native-options.js'
import { shown as show } from './shown.js'

export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary'

/** How the values of several threads or processes become one. */
export type Merge = 'sum' | 'min' | 'max'

/** A label as defined: `values` is there for an enumerated one. */
export interface Label {
  readonly name: string
  readonly kind: 'String' | 'Number' | 'Boolean' | 'enumerated'
  readonly values?: readonly string[]
}

/** What makes a metric what it is, as plain data: two definitions with the same `identity` are equal. */
export interface Definition {
  readonly type: MetricType
  readonly name: string
  readonly help: string
  readonly labels: readonly Label[]
  /** A histogram's: rising bounds without +Inf, none where it is native alone. */
  readonly buckets?: readonly number[]
  readonly native?: Native
  readonly maxSeries?: number
  readonly ttlMs?: number
  /** A gauge's. */
  readonly merge?: Merge
  /** Read from the system at each scrape, not recorded by calls. */
  readonly observed?: true
}

interface Options {
  readonly help: string
  readonly labels?: Labels | undefined
  readonly maxSeries?: number | undefined
  readonly ttlMs?: number | undefined
  readonly buckets?: readonly number[] | undefined
  readonly native?: true | NativeOptions | undefined
  readonly merge?: unknown
}

const legalName = /^[a-zA-Z_][a-zA-Z0-9_]*$/
// The text format's own grammar also allows colons, which are kept for recording rules.
const grammar = 'letters, digits and _, not beginning with a digit'

const common = ['help', 'labels', 'maxSeries', 'ttlMs']
const known: Readonly<Record<MetricType, readonly string[]>> = {
  counter: [...common, 'collect', 'timeoutMs'],
  gauge: [...common, 'merge', 'collect', 'timeoutMs'],
  histogram: [...common, 'buckets', 'native'],
  summary: common,
}

/** The checked definition. Throws an Error that says what was given and what is accepted. */
export function define(type: MetricType, name: string, options: Options): Definition {
  const at = `${type}(${show(name)})`
  if (typeof name !== 'string' || !legalName.test(name)) {
    throw new Error(`${at}: a metric name is ${grammar}, for example assessments_started_total.`)
  }
  if (name.startsWith('__')) throw new Error(`${at}: names that begin with __ are reserved by Prometheus.`)
  if (type === 'counter' && name === '_total') {
    throw new Error(
      `${at}: OpenMetrics names a counter without its _total, and then this has no name; put one before it.`,
    )
  }
  if (typeof options !== 'object' || options === null) {
    throw new Error(
      `${at}: the second argument is an object like { help: 'What is counted.' }, got ${show(options)}.`,
    )
  }
  if (typeof options.help !== 'string' || options.help.trim() === '') {
    throw new Error(`${at}: help must say what is measured, in a sentence, got ${show(options.help)}.`)
  }
  for (const option of Object.keys(options)) {
    if (!known[type].includes(option))
      throw new Error(`${at}: ${option} is not an option of a ${type}; there are ${known[type].join(', ')}.`)
  }
  return {
    type,
    name,
    help: options.help,
    labels: labelsOf(at, type, options.labels ?? {}),
    ...(type === 'histogram' && bucketing(at, options)),
    ...(type === 'gauge' && options.merge !== undefined && { merge: mergeOf(at, options.merge) }),
    ...(options.ttlMs !== undefined && { ttlMs: ttlOf(at, options.ttlMs) }),
    ...(options.maxSeries !== undefined && { maxSeries: seriesLimit(`${at}: maxSeries`, options.maxSeries) }),
  }
}

/** Seconds from 5 ms to 10 s, for durations of requests. */
export const defaultBuckets: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** `value` if it can limit a number of series; else throws an Error that begins with `at`. */
export function seriesLimit(at: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number
  throw new Error(`${at} must be a whole number of at least 1, got ${show(value)}.`)
}

/** What two equal definitions have in common: labels and their values mean the same in any order. */
export function identity(definition: Definition): string {
  const labels = definition.labels.map(({ values, ...label }) => ({ ...label, values: values?.toSorted() }))
  return JSON.stringify({ ...definition, labels: labels.toSorted((a, b) => (a.name < b.name ? -1 : 1)) })
}

/** The definition as a person would write it, on one line. */
export function describe(definition: Definition): string {
  const { type, name, help, labels, buckets, native, maxSeries, ttlMs, merge, observed } = definition
  const parts = [`help: ${show(help)}`]
  if (labels.length > 0) {
    parts.push(
      `labels: { ${labels.map((l) => `${l.name}: ${l.values ? show(l.values) : l.kind}`).join(', ')} }`,
    )
  }
  if (buckets) parts.push(`buckets: ${show(buckets)}`)
  if (native) parts.push(`native: ${JSON.stringify(native)}`)
  if (merge !== undefined) parts.push(`merge: ${show(merge)}`)
  if (ttlMs !== undefined) parts.push(`ttlMs: ${ttlMs}`)
  if (maxSeries !== undefined) parts.push(`maxSeries: ${maxSeries}`)
  return `${type}(${show(name)}, { ${parts.join(', ')} })${observed ? ' (read at each scrape)' : ''}`
}

function labelsOf(at: string, type: MetricType, labels: Labels): Label[] {
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) {
    throw new Error(
      `${at}: labels is an object like { kind: ['pdf', 'csv'], area: String }, got ${show(labels)}.`,
    )
  }
  return Object.entries(labels).map(([name, kind]) => {
    if (!legalName.test(name)) throw new Error(`${at}: label ${show(name)}: a label name is ${grammar}.`)
    if (name.startsWith('__')) {
      throw new Error(`${at}: label ${show(name)}: names that begin with __ are reserved by Prometheus.`)
    }
    if (name === 'le' && type === 'histogram') {
      throw new Error(`${at}: label "le" is the bucket bound that a histogram writes itself; rename yours.`)
    }
    if (name === 'quantile' && type === 'summary') {
      throw new Error(`${at}: label "quantile" is one that Prometheus knows summaries by; rename yours.`)
    }
    if (kind === String) return { name, kind: 'String' }
    if (kind === Number) return { name, kind: 'Number' }
    if (kind === Boolean) return { name, kind: 'Boolean' }
    if (!Array.isArray(kind) || kind.length === 0 || !kind.every((value) => typeof value === 'string')) {
      throw new Error(
        `${at}: label ${show(name)} must be String, Number, Boolean or a list of at least one string, got ${show(kind)}.`,
      )
    }
    if (new Set(kind).size !== kind.length) {
      throw new Error(`${at}: label ${show(name)} lists a value twice: ${show(kind)}.`)
    }
    return { name, kind: 'enumerated', values: [...(kind as readonly string[])] }
  })
}

function bucketing(at: string, { buckets, native }: Options): Pick<Definition, 'buckets' | 'native'> {
  const bounds = buckets ?? (native === undefined ? defaultBuckets : undefined)
  return {
    buckets: bounds === undefined ? [] : bucketsOf(at, bounds),
    ...(native !== undefined && { native: nativeOf(at, native) }),
  }
}

function bucketsOf(at: string, buckets: readonly number[]): number[] {
  const bounds = Array.isArray(buckets) ? [...(buckets as readonly number[])] : []
  if (bounds.at(-1) === Infinity) bounds.pop()
  const rising = bounds.every(
    (bound, i) => Number.isFinite(bound) && (i === 0 || bound > (bounds[i - 1] as number)),
  )
  if (bounds.length === 0 || bounds.length > 256 || !rising) {
    throw new Error(`${at}: buckets must be 1 to 256 rising numbers (+Inf is added), got ${show(buckets)}.`)
  }
  return bounds
}

function mergeOf(at: string, merge: unknown): Merge {
  if (merge === 'sum' || merge === 'min' || merge === 'max') return merge
  throw new Error(`${at}: merge must be 'sum', 'min' or 'max', got ${show(merge)}.`)
}

function ttlOf(at: string, ttlMs: unknown): number {
  if (typeof ttlMs === 'number' && Number.isFinite(ttlMs) && ttlMs >= 1000) return ttlMs
  throw new Error(`${at}: ttlMs must be a number of milliseconds of at least 1000, got ${show(ttlMs)}.`)
}
