export interface Sample {
  name: string
  labels: Record<string, string>
  value: number
}

/** Reads Prometheus text (format 0.0.4). Throws, naming the line, on one that is neither comment nor sample. */
export function parseScrape(text: string): Sample[] {
  const samples: Sample[] = []
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/.exec(line)
    if (!match)
      throw new Error(`the scrape has a line that is no sample: ${JSON.stringify(line.slice(0, 200))}`)
    const [, name = '', labels = '', value = ''] = match
    samples.push({ name, labels: parseLabels(labels), value: numberOf(value) })
  }
  return samples
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const [, name = '', value = ''] of text.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)) {
    labels[name] = value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
  }
  return labels
}

const numberOf = (text: string): number =>
  text.endsWith('Inf') ? Infinity * (text[0] === '-' ? -1 : 1) : Number(text)

export const sumOf = (samples: readonly Sample[], name: string): number =>
  samples.reduce((sum, sample) => (sample.name === name ? sum + sample.value : sum), 0)

/** The samples of one metric, added up by a key made from their labels. */
export function totalsOf(
  samples: readonly Sample[],
  name: string,
  keyOf: (labels: Record<string, string>) => string,
): Map<string, number> {
  const totals = new Map<string, number>()
  for (const sample of samples) {
    if (sample.name !== name) continue
    const key = keyOf(sample.labels)
    totals.set(key, (totals.get(key) ?? 0) + sample.value)
  }
  return totals
}
