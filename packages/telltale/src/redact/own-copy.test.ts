import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { ownCopy } from './own-copy.js'
import { createPolicy } from './policy.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const text = (n: number): string =>
  Buffer.from(`a_key_of_many_characters_${n}=1 `.padEnd(1_000_000, 'x')).toString('latin1')

function megabytesKept(act: (n: number) => unknown): number {
  collect()
  const before = process.memoryUsage().heapUsed
  const kept = Array.from({ length: 50 }, (_, n) => act(n))
  collect()
  const after = process.memoryUsage().heapUsed
  expect(kept).toHaveLength(50)
  return (after - before) / 1e6
}

it('keeps nothing of the text it was cut from', () => {
  expect(megabytesKept((n) => text(n).slice(0, 26))).toBeGreaterThan(40)
  expect(megabytesKept((n) => ownCopy(text(n).slice(0, 26)))).toBeLessThan(10)
  expect(ownCopy('äöü😀'.repeat(9))).toBe('äöü😀'.repeat(9))
})

it('no text is kept for the keys that were found in it', () => {
  const { text: screen } = createPolicy()
  expect(megabytesKept((n) => screen(text(n)).length)).toBeLessThan(10)
})
