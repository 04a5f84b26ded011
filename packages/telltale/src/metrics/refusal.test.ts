import { describe, expect, it } from 'vitest'
import { counter } from './counter.js'
import { gauge } from './gauge.js'
import { histogram } from './histogram.js'
import { given } from './refusal.js'
import { renderMetrics } from './rendered.fixture.js'

const throws = (): never => {
  throw new Error('no text')
}
const unspeakable: unknown[] = [
  Object.assign(() => 1, { toString: throws }),
  Object.assign(() => 1, { [Symbol.toPrimitive]: throws }),
  new Proxy(() => 1, { get: throws }),
  Object.create(null),
  { toString: throws },
  Symbol('s'),
  5n,
]

describe('a value that no metric takes', () => {
  it.each(unspeakable)('is refused without a throw, case %#', (value) => {
    const number = value as number
    expect(() => counter('refusal_total', { help: 'Refused.' }).inc(number)).not.toThrow()
    expect(() => gauge('refused_depth', { help: 'Refused.' }).set(number)).not.toThrow()
    expect(() => gauge('refused_depth', { help: 'Refused.' }).inc(number)).not.toThrow()
    expect(() => gauge('refused_depth', { help: 'Refused.' }).dec(number)).not.toThrow()
    expect(() => histogram('refusal_seconds', { help: 'Refused.' }).observe(number)).not.toThrow()
    const labelled = counter('refusal_labelled_total', { help: 'Refused.', labels: { kind: String } })
    expect(() => labelled.inc({ kind: value as string })).not.toThrow()
    expect(() => labelled.inc(value as { kind: string })).not.toThrow()
  })

  it('uses up no room for series', () => {
    const labels = { kind: String }
    const many = counter('refusal_many_total', { help: 'Refused.', labels, maxSeries: 2 })
    const depth = gauge('refused_many', { help: 'Refused.', labels, maxSeries: 2 })
    const wait = histogram('refusal_many_seconds', { help: 'Refused.', labels, maxSeries: 2 })
    for (let i = 0; i < 5; i++) {
      many.inc({ kind: `bad ${i}` }, -1)
      depth.set({ kind: `bad ${i}` }, NaN)
      depth.inc({ kind: `bad ${i}` }, NaN)
      wait.observe({ kind: `bad ${i}` }, Infinity)
    }
    for (const kind of ['a', 'b']) {
      many.inc({ kind })
      depth.dec({ kind })
      wait.observe({ kind }, 1)
    }
    const series = (name: string): string[] =>
      renderMetrics()
        .split('\n')
        .filter((line) => line.startsWith(name))
    expect(series('refusal_many_total')).toEqual([
      'refusal_many_total{kind="a"} 1',
      'refusal_many_total{kind="b"} 1',
    ])
    expect(series('refused_many')).toEqual(['refused_many{kind="a"} -1', 'refused_many{kind="b"} -1'])
    expect(series('refusal_many_seconds_count')).toHaveLength(2)
  })

  it('is said without source and without the half of a secret that the cut left', () => {
    expect(given(() => 'S3cretSource')).not.toContain('S3cret')
    for (let before = 0; before < 200; before++) {
      expect(given(`${'x'.repeat(before)} postgres://user:S3cretPassw0rd@db.internal/app`)).not.toContain(
        'S3cret',
      )
    }
    expect(given('a"b')).toBe(String.raw`"a\"b"`)
    expect(given({ a: 1 })).toBe('an object')
  })
})
