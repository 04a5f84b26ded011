import { expect, it } from 'vitest'
import { createRepeats } from './repeats.js'

const request = { request_id: '9f3c5d7721aa0b11', method: 'GET', path: '/x' }

it("knows a request's own target from a field named path", () => {
  const { target } = createRepeats()
  expect(target(request)).toBe(true)
  expect(target({ ...request, path: '/tmp/report.pdf' })).toBe(false)
  expect(target(request)).toBe(true)
  expect(target({ method: 'GET', path: '/x' })).toBe(false)
})

it('knows what an earlier line of the same request has said', () => {
  const { said } = createRepeats()
  const entry = { ...request, user_id: 'u_1', list: [1] }
  expect(said(entry, 'user_id')).toBe(false)
  expect(said(entry, 'user_id')).toBe(true)
  expect(said({ ...entry, user_id: 'u_2' }, 'user_id')).toBe(false)
  expect(said({ ...entry, request_id: 'another-request' }, 'user_id')).toBe(false)
  expect(said({ user_id: 'u_1' }, 'user_id')).toBe(false)
  expect([said(entry, 'list'), said(entry, 'list')]).toEqual([false, false])
})

it('forgets the oldest requests and what a request says beyond 64 fields', () => {
  const { said } = createRepeats()
  for (let n = 0; n < 600; n++) said({ request_id: `request-${n}`, k: 1 }, 'k')
  expect(said({ request_id: 'request-599', k: 1 }, 'k')).toBe(true)
  expect(said({ request_id: 'request-0', k: 1 }, 'k')).toBe(false)
  for (let n = 0; n < 100; n++) said({ request_id: 'full', k: n }, 'k')
  expect(said({ request_id: 'full', k: 63 }, 'k')).toBe(true)
  expect(said({ request_id: 'full', k: 99 }, 'k')).toBe(false)
})
