import { expect, test } from 'vitest'
import { messagesOf } from './messages.js'

const coded = (message: string, code: string): Error => Object.assign(new Error(message), { code })

test.each<[string, unknown, string]>([
  ['an error', new Error('no answer'), 'no answer'],
  [
    'what fetch throws',
    new TypeError('fetch failed', {
      cause: coded('connect ECONNREFUSED 127.0.0.1:3998', 'ECONNREFUSED'),
    }),
    'fetch failed: connect ECONNREFUSED 127.0.0.1:3998',
  ],
  ['a code that the message has not', coded('no answer', 'ETIMEDOUT'), 'no answer: ETIMEDOUT'],
  [
    'several without a word of its own',
    Object.assign(new AggregateError([coded('connect ECONNREFUSED ::1:1', 'ECONNREFUSED')]), {
      code: 'ECONNREFUSED',
    }),
    'AggregateError: ECONNREFUSED: connect ECONNREFUSED ::1:1',
  ],
  ['a text', 'not well', 'not well'],
  ['nothing', undefined, 'undefined'],
])('%s', (_what, error, text) => {
  expect(messagesOf(error)).toBe(text)
})

test('cycles and what throws when it is looked at end', () => {
  const cycle = new Error('round')
  cycle.cause = cycle
  expect(messagesOf(cycle)).toBe('round')
  const hostile = new Proxy(new Error('x'), {
    get() {
      throw new Error('no')
    },
  })
  expect(typeof messagesOf(hostile)).toBe('string')
})
