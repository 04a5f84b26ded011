import { renderMetrics } from '../../src/metrics/rendered.fixture.js'

const sample = /^([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? (\S+)$/i
const label = /([a-z_]\w*)="((?:[^"\\]|\\.)*)"/gi

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export function parseScrape(text: string): Sample[] {
  const samples: Sample[] = []
  for (const line of text.split('\n')) {
    const match = sample.exec(line)
    if (match === null) continue
    const labels = Object.fromEntries(
      [...(match[2] ?? '').matchAll(label)].map(([, name, value]) => [name!, unescaped(value!)]),
    )
    samples.push({ name: match[1]!, labels, value: Number(match[3]) })
  }
  return samples
}

/** The sum of a metric's series that carry `labels`; 0 where there is none. */
export function metric(name: string, labels: Readonly<Record<string, string>> = {}): number {
  return series(name, labels).reduce((sum, { value }) => sum + value, 0)
}

export function series(name: string, labels: Readonly<Record<string, string>> = {}): Sample[] {
  const wanted = Object.entries(labels)
  return parseScrape(renderMetrics()).filter(
    (each) => each.name === name && wanted.every(([key, value]) => each.labels[key] === value),
  )
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/g, (_all, char: string) => (char === 'n' ? '\n' : char))
}
