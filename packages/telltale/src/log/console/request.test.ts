import { expect, it } from 'vitest'
import { paintNothing } from './colours.js'
import { layOut } from './layout.js'
import { requestEnd } from './request.js'

const base = {
  event: 'request_completed',
  method: 'GET',
  path: '/things/t_1',
  route: '/things/:id',
  status: 200,
  duration_ms: 12,
}

function draw(fields: object): string | undefined {
  const end = requestEnd({ ...base, ...fields }, 100)
  return end && layOut([], [...end.phrase, ...end.fields], Infinity, 0, paintNothing)
}

it.each([
  [{}, 'GET /things/:id → 200   12 ms id=t_1'],
  [{ path: '/things', route: '/things' }, 'GET /things → 200   12 ms'],
  [{ route: undefined, status: 404 }, 'GET /things/t_1 → 404   12 ms'],
  [{ route: '/files/*', path: '/files/a/b' }, 'GET /files/* → 200   12 ms path=/files/a/b'],
  [
    { event: 'request_failed', status: 500, request_id: '9f3c5d7721aa0b11' },
    'GET /things/:id → 500   12 ms id=t_1 request_id=9f3c5d7721aa0b11',
  ],
  [{ event: 'request_aborted', status: 499 }, 'GET /things/:id → aborted   12 ms id=t_1'],
  [
    { event: 'request_stalled', status: undefined, duration_ms: undefined, age_ms: 10_000 },
    'GET /things/:id → still running   10 s id=t_1',
  ],
])('%j', (fields, text) => {
  expect(draw(fields)).toBe(text)
})

it('leaves an event of that name without a method alone', () => {
  expect(draw({ method: undefined })).toBeUndefined()
})
