import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Branch } from './branch.js'

// Same length, and the same characters at every place that a table may look at.
const colliding = Array.from({ length: 100 }, (_, i) => `x${String.fromCharCode(0x4e00 + i)}xxxxxxxxxxxxx`)
const text = fc.oneof(
  fc.constantFrom('', '__proto__', 'constructor', 'toString', 'a', 'aa', '0', '-1', '\ud800'),
  fc.constantFrom(...colliding),
  fc.nat(150).map((n) => `id-${n}`),
  fc.string({ maxLength: 4 }),
)
// More additions than deletions, so that a run gets beyond what stands in a table.
const operation = fc.tuple(
  fc.constantFrom('add' as const, 'add' as const, 'add' as const, 'delete' as const),
  text,
)

test('a branch finds what a Map does, through any additions and deletions', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 300, size: 'max' }), (operations) => {
      const branch = new Branch<number>()
      const model = new Map<string, number>()
      for (const [i, [kind, key]] of operations.entries()) {
        if (kind === 'add' && !model.has(key)) {
          branch.add(key, i)
          model.set(key, i)
        } else if (kind === 'delete' && model.delete(key)) branch.delete(key)
        expect(branch.get(key)).toBe(model.get(key))
        expect(branch.size).toBe(model.size)
      }
      for (const [, key] of operations) {
        expect(branch.get(key)).toBe(model.get(key))
        expect(branch.get(`${key}?`)).toBe(model.get(`${key}?`))
      }
    }),
    { numRuns: 200 },
  )
})

test.each([63, 64, 65, 100])('%d texts that no one character tells apart are all found', (count) => {
  const branch = new Branch<number>()
  const texts = colliding.slice(0, count)
  for (const [i, key] of texts.entries()) branch.add(key, i)
  expect(texts.map((key) => branch.get(key))).toEqual(texts.map((_, i) => i))
  for (const key of texts.slice(1)) branch.delete(key)
  expect(texts.map((key) => branch.get(key))).toEqual(texts.map((_, i) => (i === 0 ? 0 : undefined)))
})

test('a text built at run time is found as the literal is', () => {
  const branch = new Branch<string>()
  branch.add(['a', 'b'].join('-'), 'there')
  expect(branch.get('a-b')).toBe('there')
  expect(branch.get(['a', 'b'].join('-'))).toBe('there')
})
