import type { Metric, MetricType } from './metric.js'

/** The text is no exposition; `line` is where that shows, counted from 1. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError'
}

interface Family {
  readonly name: string
  type: string
  help: string
  labels: Set<string> | undefined
  hasBounds: boolean
  /** What its samples are called. */
  readonly samples: Set<string>
}

const sample = /^([a-zA-Z_:][\w:]*)[ \t]*(?:\{|[ \t](?=[^ \t]))/
const pair = /[ \t,]*([a-zA-Z_]\w*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*/y
const value = /^[ \t]*(?:[+-]?(?:inf(?:inity)?|nan|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?))(?=[ \t]|$)/i
const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  histogram: ['_bucket', '_sum', '_count', '_created'],
  gaugehistogram: ['_bucket', '_gsum', '_gcount', '_created'],
  summary: ['_sum', '_count', '_created'],
  info: ['_info'],
}
const maxShown = 60
// What follows the last line of an exposition is white space at most.
const maxEnd = 100

/**
 * The metrics of an exposition, Prometheus text 0.0.4 or OpenMetrics 1.0: names, types, help and label names, no values.
 * Throws an `ExpositionError` that names the first line it can't read.
 */
export function readExposition(text: string): readonly Metric[] {
  const families = new Map<string, Family>()
  const family = (name: string): Family => {
    const known = families.get(name)
    if (known !== undefined) return known
    const made = {
      name,
      type: 'untyped',
      help: '',
      labels: undefined,
      hasBounds: false,
      samples: new Set<string>(),
    }
    families.set(name, made)
    return made
  }
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line === '# EOF') continue
    if (line.startsWith('#')) {
      const said = /^#[ \t]+(HELP|TYPE)[ \t]+([a-zA-Z_:][\w:]*)[ \t]*(.*)$/.exec(line)
      if (said?.[1] === 'TYPE') family(said[2]!).type = said[3]!.toLowerCase()
      else if (said !== null) family(said[2]!).help = unescapeHelp(said[3]!)
      continue
    }
    const read = readSample(line)
    if (read === undefined) {
      const shown = JSON.stringify(line.length > maxShown ? `${line.slice(0, maxShown)}…` : line)
      throw new ExpositionError(`line ${index + 1} is no metric: ${shown}`)
    }
    const owner = ownerOf(families, read.name) ?? family(read.name)
    owner.samples.add(read.name)
    owner.labels ??= new Set()
    for (const [label, text] of read.labels) {
      if (label === 'le' && owner.type === 'histogram') owner.hasBounds ||= text !== '+Inf'
      else if (label !== 'quantile' || owner.type !== 'summary') owner.labels.add(label)
    }
  }
  const isOpen = /^# EOF\s*$/m.test(text.slice(-maxEnd))
  return [...families.values()].map((one) => metricOf(one, isOpen))
}

function readSample(line: string) {
  const name = sample.exec(line)
  if (name === null) return undefined
  const labels: [string, string][] = []
  let at = name[0].length
  if (name[0].endsWith('{')) {
    for (;;) {
      pair.lastIndex = at
      const found = pair.exec(line)
      if (found === null) break
      labels.push([found[1]!, found[2]!])
      at = pair.lastIndex
    }
    const end = /^[ \t]*,?[ \t]*\}/.exec(line.slice(at))
    if (end === null) return undefined
    at += end[0].length
  }
  return value.test(line.slice(at)) ? { name: name[1]!, labels } : undefined
}

/** The family that a sample belongs to: `x_bucket` is one of the histogram `x`. */
function ownerOf(families: ReadonlyMap<string, Family>, name: string): Family | undefined {
  const exact = families.get(name)
  if (exact !== undefined) return exact
  const suffix = /_[a-z]+$/.exec(name)?.[0] ?? ''
  const base = families.get(name.slice(0, name.length - suffix.length))
  return base !== undefined && suffixes[base.type]?.includes(suffix) ? base : undefined
}

function metricOf({ name, type, help, labels, hasBounds, samples }: Family, isOpen: boolean): Metric {
  const kind = typeOf(type, name)
  const suffix = type === 'counter' ? '_total' : type === 'info' ? '_info' : ''
  // Prometheus stores a sample as it is called. Only OpenMetrics has families that are called otherwise.
  const isSuffixed =
    !samples.has(name) &&
    (samples.has(name + suffix) || (samples.size === 0 && isOpen && !name.endsWith(suffix)))
  return {
    type: kind,
    name: isSuffixed ? name + suffix : name,
    help,
    labels: labels && [...labels],
    isClassic: kind === 'histogram' && (hasBounds || labels === undefined),
    // A text format can't carry exponential buckets: such a histogram shows its +Inf bucket alone.
    isNative: kind === 'histogram' && !hasBounds && labels !== undefined,
    ...(isUntyped(type) && kind === 'gauge' && { isUntyped: true }),
  }
}

function isUntyped(type: string): boolean {
  return type === 'untyped' || type === 'unknown'
}

function typeOf(type: string, name: string): MetricType {
  if (type === 'counter' || type === 'histogram' || type === 'summary') return type
  return isUntyped(type) && name.endsWith('_total') ? 'counter' : 'gauge'
}

function unescapeHelp(text: string): string {
  return text.replace(/\\(n|\\|")/g, (_all, what: string) => (what === 'n' ? '\n' : what))
}
