interface Range {
  readonly name: string
  readonly parameters: Readonly<Record<string, string>>
  readonly q: number
}

export type FormatName = 'text' | 'openMetrics' | 'protobuf'

/** What each format is asked for by, better ones first: among equals the first wins. */
const offers: readonly { readonly format: FormatName; readonly takes: (range: Range) => number }[] = [
  {
    format: 'protobuf',
    takes: ({ name, parameters: { proto, encoding } }) =>
      name === 'application/vnd.google.protobuf' &&
      proto === 'io.prometheus.client.MetricFamily' &&
      encoding === 'delimited'
        ? 3
        : 0,
  },
  {
    format: 'openMetrics',
    takes: ({ name, parameters: { version = '1.0.0' } }) =>
      name === 'application/openmetrics-text' && version === '1.0.0' ? 3 : 0,
  },
  {
    format: 'text',
    takes: ({ name, parameters: { version = '0.0.4' } }) => {
      if (name === 'text/plain') return version === '0.0.4' ? 3 : 0
      return name === 'text/*' ? 2 : name === '*/*' ? 1 : 0
    },
  },
]

/**
 * The format that an `Accept` header asks for (RFC 9110, 12.5.1): the highest q among what is understood, by the most
 * specific range that fits. Text where none is: a scraper that asks for something unknown is better off with it than
 * with 406. Only text stands for `*`, since people and curl send it.
 */
export function formatFor(accept: string | undefined): FormatName {
  const ranges = rangesOf(accept)
  let best: { format: FormatName; q: number } = { format: 'text', q: 0 }
  for (const { format, takes } of offers) {
    const fitting = ranges.filter((range) => takes(range) > 0).toSorted((a, b) => takes(b) - takes(a))
    const q = fitting[0]?.q ?? 0
    if (q > best.q) best = { format, q }
  }
  return best.format
}

/** Whether an `Accept-Encoding` header takes gzip, and no less gladly than the bytes as they are. */
export function takesGzip(acceptEncoding: string | undefined): boolean {
  const ranges = rangesOf(acceptEncoding)
  const q = (...names: string[]): number | undefined =>
    ranges.find(({ name }) => names.includes(name))?.q ?? ranges.find(({ name }) => name === '*')?.q
  const gzip = q('gzip', 'x-gzip') ?? 0
  return gzip > 0 && gzip >= (ranges.find(({ name }) => name === 'identity')?.q ?? 0)
}

// A header of any length costs no more than this.
const maxLength = 2048

function rangesOf(header: string | undefined): Range[] {
  return (header ?? '')
    .slice(0, maxLength)
    .split(',')
    .map((part) => {
      const [name = '', ...rest] = part.split(';').map((piece) => piece.trim())
      const parameters: Record<string, string> = Object.create(null) as Record<string, string>
      for (const piece of rest) {
        const [key = '', value = ''] = piece.split('=', 2).map((side) => side.trim())
        parameters[key.toLowerCase()] = value.replace(/^"(.*)"$/, '$1')
      }
      const { q = '1', ...others } = parameters
      return { name: name.toLowerCase(), parameters: others, q: weight(q) }
    })
}

function weight(q: string): number {
  const value = Number(q)
  return value >= 0 && value <= 1 ? value : 0
}
