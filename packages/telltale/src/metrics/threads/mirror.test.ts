import { afterEach, expect, test } from 'vitest'
import { createPolicy, policy } from '../../redact/policy.js'
import { define } from '../definition.js'
import { Mirror } from './mirror.js'

const definition = define('counter', 'c_total', { help: 'C.', labels: { id: String } })

afterEach(() => {
  policy.current = createPolicy()
})

test("a thread's labels pass the policy of the process that answers, and the next one", () => {
  const mirror = new Mirror()
  mirror.take([1, 'store', 0, definition, 1])
  mirror.take([
    1,
    'chunk',
    0,
    new Float64Array(new SharedArrayBuffer(64)),
    new Int32Array(new SharedArrayBuffer(32)),
  ])
  mirror.take([1, 'series', 0, 0, 0, 'id="alice"'])
  const [source] = mirror.sources()
  const numbers = new Float64Array(1)
  expect(source!.read(0, numbers)).toBe('id="alice"')
  policy.current = createPolicy({ keys: ['id'] })
  expect(source!.read(0, numbers)).toBe('id="[REDACTED]"')
  policy.current = createPolicy()
  mirror.take([1, 'series', 0, 0, 0, 'id="postgres://user:S3cretPassw0rd@db.internal/app"'])
  expect(source!.read(0, numbers)).not.toContain('S3cret')
})

test('what a thread tells while its series are walked comes behind them, and is not seen twice', () => {
  const mirror = new Mirror()
  const values = new Float64Array(new SharedArrayBuffer(64)).fill(1)
  const generations = new Int32Array(new SharedArrayBuffer(32))
  mirror.take([1, 'store', 0, definition, 1])
  mirror.take([1, 'chunk', 0, values, generations])
  for (const [slot, id] of ['a', 'b', 'c'].entries()) mirror.take([1, 'series', 0, slot, 0, `id="${id}"`])
  const [source] = mirror.sources()
  const numbers = new Float64Array(1)
  const walk = (disturb: (slot: number) => void): (string | undefined)[] => {
    const seen: (string | undefined)[] = []
    source!.hold()
    for (let slot = 0; slot < source!.count; slot++) {
      seen.push(source!.read(slot, numbers))
      disturb(slot)
    }
    source!.release()
    return seen
  }
  expect(
    walk((slot) => {
      if (slot > 0) return
      generations[2] = 1
      mirror.take([1, 'gone', 0, 2])
      generations[0] = 1
      mirror.take([1, 'gone', 0, 0])
      mirror.take([1, 'series', 0, 2, 1, 'id="a"'])
    }),
  ).toEqual(['id="a"', 'id="b"', undefined])
  expect(walk(() => undefined)).toEqual([undefined, 'id="b"', 'id="a"'])
})
