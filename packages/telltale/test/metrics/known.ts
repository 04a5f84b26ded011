import { counter, gauge, histogram, summary } from '../../src/index.js'

/** Label values that break naive exporters and naive parsers. */
export const hostileValues: readonly string[] = [
  '',
  ' ',
  '"',
  '\\',
  '\\n',
  '\n',
  '\r\n',
  'a"} 1\n# EOF\n',
  '",le="0.1',
  '} 5 # {trace_id="x"} 1',
  ' # ',
  '# HELP x',
  'a,b=c;d|e:f',
  '{}[]()=~!',
  '\t\u0000\u0007\u001b[31m',
  '\u2028\u2029\u0085',
  'naïve – ünïcödé',
  '日本語',
  '🙂👩‍👩‍👧',
  '\u202egnp.exe',
  'e\u0301',
  '\ufeff',
  'NaN',
  '+Inf',
]

export const hostileHelp = 'Says "quoted", back\\slash, \\n and\na second line # with {braces} – 日本語.'

export const durations = [0.003, 0.02, 0.02, 0.3, 0.7, 4, 60]

/** One metric of each type with known values, after which an exposition is fully known. */
export function defineKnown(): void {
  const orders = counter('known_orders_total', {
    help: hostileHelp,
    labels: { state: ['paid', 'refused'], weight: Number, gift: Boolean },
  })
  orders.inc({ state: 'paid', weight: 1.5, gift: true }, 3)
  orders.inc({ state: 'refused', weight: 1e21, gift: false }, 0.25)
  counter('known_plain_total', { help: 'Counted without labels.' }).inc(2 ** 53)
  gauge('known_depth', { help: 'May be below zero.' }).set(-1.5e-7)
  const duration = histogram('known_duration_seconds', {
    help: 'Time it took.',
    labels: { kind: String },
    buckets: [0.01, 0.1, 1, 10],
  })
  for (const seconds of durations) duration.observe({ kind: 'a' }, seconds)
  const size = summary('known_size_bytes', { help: 'Size of what came.', labels: { kind: String } })
  for (const bytes of [100, 2000, 30]) size.observe({ kind: 'b' }, bytes)
  const hostile = gauge('known_hostile', { help: 'Labels of all kinds.', labels: { text: String } })
  for (const [index, text] of hostileValues.entries()) hostile.set({ text }, index)
}
