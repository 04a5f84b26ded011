import { afterEach, expect, it } from 'vitest'
import { configureRequests } from '../http/settings.js'
import { withoutQuery } from './queries.js'

afterEach(() => configureRequests({}))

it.each([
  ['/a/b?x=1#y', '/a/b'],
  ['GET https://h/?email=a then /b#c', 'GET https://h/ then /b'],
  ['https://h/a', 'https://h/a'],
  ['what? nothing #3', 'what? nothing #3'],
  ['a?b/c', 'a?b/c'],
])('%s | %s', (text, shown) => {
  expect(withoutQuery(text)).toBe(shown)
})

it.each([
  ['GET /magic/C4nary', 'GET /magic/[REDACTED]'],
  ['at https://h:1/magic/C4nary?x then', 'at https://h:1/magic/[REDACTED] then'],
  ['https://h', 'https://h'],
  ['/other/C', '/other/C'],
])('secret paths go: %s | %s', (text, shown) => {
  configureRequests({ secretPaths: ['/magic/:code'] })
  expect(withoutQuery(text)).toBe(shown)
})

// A rule that is not linear needs many minutes for these.
it('takes linear time for any text', { timeout: 30_000 }, () => {
  for (const part of ['/', '?', '/ ', 'a/', ' ', 'a'])
    expect(withoutQuery(part.repeat(1_000_000)).length).toBe(part.length * 1_000_000)
  expect(withoutQuery('/?'.repeat(1_000_000))).toBe('/')
})
