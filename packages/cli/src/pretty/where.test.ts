import { createConsoleRenderer } from 'telltale/console'
import { expect, test } from 'vitest'
import { createFilter, readCondition } from './where.js'

const entry = {
  level: 'warning',
  event: 'payment_failed',
  request_id: '9f3c2b1a77e0d4c5',
  amount: 4200,
  ok: false,
  tags: ['red', 'blue'],
  error: { code: 'ETIMEDOUT', cause: { message: 'Gone = away' } },
  'http.status': 503,
  empty: '',
  none: null,
}

test.each([
  ['request_id=9f3c2b1a77e0d4c5', true],
  ['request_id=9f3c', true],
  ['request_id=9f3', false],
  ['request_id=d4c5', false],
  ['amount=4200', true],
  ['amount=42', false],
  ['ok=false', true],
  ['ok', true],
  ['level=warn', true],
  ['level=WARNING', true],
  ['level=error', false],
  ['event~=FAIL', true],
  ['event~=done', false],
  ['error.code=ETIMEDOUT', true],
  ['error.code!=ETIMEDOUT', false],
  ['error.cause.message=Gone = away', true],
  ['http.status=503', true],
  ['tags=blue', true],
  ['tags.0=red', true],
  ['tags=green', false],
  ['missing', false],
  ['missing!=x', true],
  ['missing=', true],
  ['none', false],
  ['empty', true],
  ['empty=', true],
  ['toString', false],
  ['raw.id=7', true],
])('%s: %s', (text, wanted) => {
  expect(createFilter([readCondition(text)])(entry, { raw: { id: 7 } })).toBe(wanted)
})

test('a trace is found as a request where there is no request, prose as an event', () => {
  const prose = { trace_id: '5b8efff798038103d269b633813fc60c', message: 'payment failed' }
  expect(createFilter([readCondition('request_id=5b8e'), readCondition('event~=failed')])(prose, prose)).toBe(
    true,
  )
})

test('conditions hold together', () => {
  const holds = createFilter([readCondition('amount=4200'), readCondition('event=other')])
  expect(holds(entry, entry)).toBe(false)
})

test.each([
  '9f3c2b1a77e0d4c5',
  'req-17',
  '01JABCDEFGHJKMNPQRSTVWXYZ0',
  '018f2f9a-77aa-7abc-8def-0123456789ab',
])('the id %s is found by what the console draws of it', (id) => {
  const drawn = createConsoleRenderer({ color: false })({ request_id: id }).trim().split(' ').at(-1) ?? ''
  expect(drawn).toMatch(/^\w{1,4}$/)
  expect(createFilter([readCondition(`request_id=${drawn}`)])({ request_id: id }, {})).toBe(true)
})

test.each(['', '=x', '!=x', '~=x'])('"%s" is no condition', (text) => {
  expect(() => readCondition(text)).toThrow(/is no condition/)
})
