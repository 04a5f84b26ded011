import { format } from 'prettier'
import { expect, test } from 'vitest'
import { makeDashboard } from './dashboard/dashboard.js'
import { formatJson } from './json.js'
import { own, standard } from './standard.fixture.js'

test('is JSON', () => {
  const value = { a: [1, 'b', null], b: [], c: {}, d: [{ e: [] }], 'f g': { h: true }, i: ['x'.repeat(200)] }
  expect(JSON.parse(formatJson(value))).toEqual(value)
})

test('a formatter of the repository it is kept in changes nothing', async () => {
  const options = { title: 'A', uid: 'a', job: 'a', errorRatio: 0.05, flowFailureRatio: 0.1 }
  const text = `${formatJson(makeDashboard([...standard, ...own], options))}\n`
  expect(await format(text, { parser: 'json' })).toBe(text)
})
