const lineShape = /^(\w+)(?:\{(.*)\})? (\S+)$/
const labelShape = /(\w+)="((?:[^"\\]|\\.)*)"/g

/**
 * The samples of a text exposition whose names begin with `prefix`, by `name{a="x",b="y"}` with the labels in
 * alphabetical order, so that two clients can be compared. The scope that OpenTelemetry writes on every line is left
 * out. Throws on a line that is none, and where a sample stands twice.
 */
export function samplesOf(text, prefix = 'bench_') {
  const samples = new Map()
  for (const line of text.split('\n')) {
    if (!line.startsWith(prefix)) continue
    const parts = lineShape.exec(line)
    if (parts === null) throw new Error(`This is no sample: ${line}`)
    const [, name, labels = '', value] = parts
    const pairs = [...labels.matchAll(labelShape)].map(([pair]) => pair)
    const kept = pairs.filter((pair) => !pair.startsWith('otel_scope_')).toSorted()
    const sample = kept.length === 0 ? name : `${name}{${kept.join(',')}}`
    if (samples.has(sample)) throw new Error(`This sample stands twice: ${sample}`)
    samples.set(sample, Number(value))
  }
  return samples
}

/** The name under which `samplesOf` has the sample of these labels. */
export function sampleName(name, labels) {
  const pairs = Object.keys(labels)
    .toSorted()
    .map((label) => `${label}="${labels[label]}"`)
  return `${name}{${pairs.join(',')}}`
}

/** The sum of all samples of a name. */
export function total(samples, name) {
  let sum = 0
  for (const [sample, value] of samples) if (sample === name || sample.startsWith(`${name}{`)) sum += value
  return sum
}

/** The text of chunks of bytes. */
export const textOf = (chunks) => Buffer.concat(chunks).toString('utf8')
