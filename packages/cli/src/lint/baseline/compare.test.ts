import { expect, test } from 'vitest'
import { compare } from './compare.js'
import type { Entry, Keyed } from './entry.js'

const place = { file: 'a.js', rule: 'no-console', line: '12345678' } as const

function keyed(message: string): Keyed {
  const { file, rule } = place
  return { file, rule, line: 1, column: 1, severity: 'error', message, key: { ...place, message } }
}

test('takes the first of those that are alike but for their words', () => {
  const recorded = ['a', 'b'].map((message): Entry => ({ ...place, message, count: 1 }))
  const comparison = compare(recorded, {
    findings: [keyed('said otherwise')],
    stateOf: () => 'linted',
    sameWords: false,
  })
  expect(comparison.gone).toEqual([{ ...place, message: 'b', count: 1 }])
})

test('compares all findings of one long line, said otherwise, in linear time', () => {
  const time = (count: number) => {
    const recorded = Array.from({ length: count }, (_, at): Entry => ({
      ...place,
      message: `${at}`,
      count: 1,
    }))
    const findings = recorded.map(({ message }) => keyed(`now ${message}`))
    const start = performance.now()
    const { known } = compare(recorded, { findings, stateOf: () => 'linted', sameWords: false })
    expect(known).toHaveLength(count)
    return performance.now() - start
  }
  const least = (count: number) => Math.min(...[1, 2, 3].map(() => time(count)))
  expect(least(40_000)).toBeLessThan(10 * Math.max(least(10_000), 50))
})
