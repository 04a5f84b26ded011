import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { requireBinary } from '../../../../scripts/testing/binaries.mjs'
import { counter } from './counter.js'
import { gauge } from './gauge.js'
import { histogram } from './histogram.js'
import { startProcessMetrics } from './process.js'
import { resetMetricsForTest } from './registry.js'
import { renderMetrics } from './rendered.fixture.js'

const labelText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('', ',', '|', '"', '\\', '\\n', '\n', '1', 'a="b"', '\r', '\u2028', '}', '{', '__proto__'),
)

test('two label sets share a series exactly when they are equal, and every count is read back', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(labelText, labelText, fc.nat(5)), { maxLength: 40 }), (calls) => {
      resetMetricsForTest()
      const c = counter('c_total', { help: 'C.', labels: { a: String, b: String } })
      const expected = new Map<string, number>()
      for (const [i, [a, b, n]] of calls.entries()) {
        if (i % 3 === 0) c.with({ a, b }).inc(n)
        else c.inc(i % 2 === 0 ? { a, b } : { b, a }, n)
        const key = JSON.stringify([a, b])
        expected.set(key, (expected.get(key) ?? 0) + n)
      }
      const samples = parseText(renderMetrics()).filter((s) => s.name === 'c_total')
      const actual = samples.map(({ labels, value }) => [JSON.stringify([labels.a, labels.b]), value])
      expect(actual).toEqual([...expected])
    }),
  )
})

test('label texts that are no well-formed Unicode are written with U+FFFD', () => {
  resetMetricsForTest()
  const c = counter('c_total', { help: 'C.', labels: { a: String } })
  c.inc({ a: '\ud800x' })
  c.inc({ a: '\udc00x' })
  c.inc({ a: '\ufffdx' })
  expect(parseText(renderMetrics())).toContainEqual({ name: 'c_total', labels: { a: '\ufffdx' }, value: 3 })
})

const finite = fc.double({ noNaN: true, min: -1e15, max: 1e15 })

test('a gauge reads back as it was last set', () => {
  fc.assert(
    fc.property(finite, (value) => {
      resetMetricsForTest()
      gauge('g', { help: 'G.' }).set(value)
      expect(parseText(renderMetrics()).find((s) => s.name === 'g')?.value).toBe(value === 0 ? 0 : value)
    }),
  )
})

const risingBounds = fc
  .uniqueArray(
    fc.double({ noNaN: true, min: -100, max: 100 }).map((n) => n + 0),
    { minLength: 1, maxLength: 60 },
  )
  .map((bounds) => [...new Set(bounds)].toSorted((a, b) => a - b))

test('each bucket counts the values up to its bound, whatever the bounds', () => {
  fc.assert(
    fc.property(
      risingBounds,
      fc.array(fc.double({ noNaN: true, min: -120, max: 120 })),
      (buckets, values) => {
        resetMetricsForTest()
        const h = histogram('h', { help: 'H.', labels: { a: String }, buckets })
        const seen = [...values, ...buckets]
        for (const value of seen) h.observe({ a: 'x' }, value)
        const samples = parseText(renderMetrics()).filter((s) => s.name.startsWith('h_'))
        expect(samples).toEqual([
          ...buckets.map((bound) => bucket(String(bound), seen.filter((v) => v <= bound).length)),
          bucket('+Inf', seen.length),
          { name: 'h_sum', labels: { a: 'x' }, value: seen.reduce((sum, v) => sum + v, 0) },
          { name: 'h_count', labels: { a: 'x' }, value: seen.length },
        ])
      },
    ),
  )
})

test('help is escaped', () => {
  resetMetricsForTest()
  counter('c_total', { help: 'One \\ "two"\r\nthree\n\ud800.' })
  expect(renderMetrics()).toContain('# HELP c_total One \\\\ "two"\\nthree\\n\ufffd.\n')
})

test('promtool accepts everything, the process metrics included', () => {
  const promtool = requireBinary({ name: 'promtool', install: 'apt-get install prometheus' })
  resetMetricsForTest()
  const stop = startProcessMetrics()
  const c = counter('odd_total', { help: 'Odd "values"\\ in\nlabels.', labels: { a: String } })
  for (const a of [
    '"',
    '\\',
    '\n',
    '\r',
    '\u2028',
    '\t',
    '💥',
    '',
    'a="b",c="d"',
    '\u001b[31m',
    '\ud800',
    '}',
  ])
    c.inc({ a })
  gauge('temperature_celsius', { help: 'Temperature.' }).set(-1e-9)
  histogram('wait_seconds', { help: 'Wait.', labels: { a: String } }).observe({ a: '\\"' }, 1e21)
  counter('refused_total', { help: 'Refused.' }).inc(NaN)
  const text = renderMetrics()
  stop()
  const { status, stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  })
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
})

function bucket(le: string, value: number): Sample {
  return { name: 'h_bucket', labels: { a: 'x', le: le === '-0' ? '0' : le }, value }
}

interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The samples of a text exposition, read by the grammar of the format 0.0.4. Throws for a line that is not in it. */
function parseText(text: string): Sample[] {
  if (text === '') return []
  if (!text.endsWith('\n')) throw new Error('the last line must end with a line feed')
  const lines = text.slice(0, -1).split('\n')
  return lines.filter((line) => !line.startsWith('#')).map(parseLine)
}

function parseLine(line: string): Sample {
  const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/su.exec(line)
  if (!match) throw new Error(`not a sample: ${JSON.stringify(line)}`)
  const [, name = '', pairs = '', value = ''] = match
  const labels: [string, string][] = []
  let end = 0
  for (const pair of pairs.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/gsu)) {
    if (pair.index !== end) throw new Error(`not labels: ${JSON.stringify(pairs)}`)
    end += pair[0].length
    const text = (pair[2] ?? '').replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c))
    labels.push([pair[1] ?? '', text])
  }
  if (end !== pairs.length) throw new Error(`not labels: ${JSON.stringify(pairs)}`)
  return { name, labels: Object.fromEntries(labels), value: number(value) }
}

function number(text: string): number {
  if (text === '+Inf') return Infinity
  if (text === '-Inf') return -Infinity
  if (!/^(NaN|-?\d+(\.\d+)?(e[+-]\d+)?)$/.test(text)) throw new Error(`not a number: ${text}`)
  return Number(text)
}
