import type { Labels } from './labels.js'

export type MetricType = 'counter' | 'gauge' | 'histogram'

/** A label as defined: `values` is there for an enumerated one. */
export interface Label {
  readonly name: string
  readonly kind: 'String' | 'Number' | 'Boolean' | 'enumerated'
  readonly values?: readonly string[]
}

/** What makes a metric what it is, as plain data: two definitions with the same JSON are equal. */
export interface Definition {
  readonly type: MetricType
  readonly name: string
  readonly help: string
  readonly labels: readonly Label[]
  readonly buckets?: readonly number[]
  readonly maxSeries?: number
  /** Read from the system at each scrape, not recorded by calls. */
  readonly observed?: true
}

interface Options {
  readonly help: string
  readonly labels?: Labels | undefined
  readonly buckets?: readonly number[] | undefined
  readonly maxSeries?: number | undefined
}

const legalName = /^[a-zA-Z_][a-zA-Z0-9_]*$/
// The text format's own grammar also allows colons, which are kept for recording rules.
const grammar = 'letters, digits and _, not beginning with a digit'

const known = ['help', 'labels', 'buckets', 'maxSeries', 'collect']

/** The checked definition. Throws an Error that says what was given and what is accepted. */
export function define(type: MetricType, name: string, options: Options): Definition {
  const at = `${type}(${show(name)})`
  if (typeof name !== 'string' || !legalName.test(name)) {
    throw new Error(`${at}: a metric name is ${grammar}, for example assessments_started_total.`)
  }
  if (name.startsWith('__')) throw new Error(`${at}: names that begin with __ are reserved by Prometheus.`)
  if (typeof options !== 'object' || options === null) {
    throw new Error(
      `${at}: the second argument is an object like { help: 'What is counted.' }, got ${show(options)}.`,
    )
  }
  if (typeof options.help !== 'string' || options.help.trim() === '') {
    throw new Error(`${at}: help must say what is measured, in a sentence, got ${show(options.help)}.`)
  }
  for (const option of Object.keys(options)) {
    if (!known.includes(option))
      throw new Error(`${at}: ${option} is not an option; there are ${known.join(', ')}.`)
  }
  return {
    type,
    name,
    help: options.help,
    labels: labelsOf(at, type, options.labels ?? {}),
    ...(type === 'histogram' && { buckets: bucketsOf(at, options.buckets ?? defaultBuckets) }),
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

/** The definition as a person would write it, on one line. */
export function describe(definition: Definition): string {
  const { type, name, help, labels, buckets, maxSeries, observed } = definition
  const parts = [`help: ${show(help)}`]
  if (labels.length > 0) {
    parts.push(
      `labels: { ${labels.map((l) => `${l.name}: ${l.values ? show(l.values) : l.kind}`).join(', ')} }`,
    )
  }
  if (buckets) parts.push(`buckets: ${show(buckets)}`)
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

function show(value: unknown): string {
  if (typeof value === 'function') return value.name === '' ? 'a function' : value.name
  if (typeof value === 'number' || value === undefined) return String(value)
  if (Array.isArray(value)) return `[${value.slice(0, 300).map(show).join(', ')}]`
  if (typeof value === 'string')
    return JSON.stringify(value.length > 2000 ? `${value.slice(0, 2000)}…` : value)
  return value === null ? 'null' : `a value of type ${typeof value}`
}
