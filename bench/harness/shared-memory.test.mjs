import { expect, test } from 'vitest'
import { sharedBytes } from './shared-memory.mjs'

test('shared buffers are counted where they are made, and are what they always were', () => {
  const before = sharedBytes()
  const buffer = new SharedArrayBuffer(50_000)
  const growable = new SharedArrayBuffer(10, { maxByteLength: 100 })
  expect(sharedBytes() - before).toBe(50_010)
  growable.grow(100)
  expect(sharedBytes() - before).toBe(50_100)
  expect(buffer).toBeInstanceOf(SharedArrayBuffer)
  expect(Object.prototype.toString.call(buffer)).toBe('[object SharedArrayBuffer]')
  expect(Atomics.add(new Int32Array(buffer), 0, 1)).toBe(0)
})

test('a class of its own keeps its own prototype', () => {
  class Slab extends SharedArrayBuffer {}
  expect(new Slab(8)).toBeInstanceOf(Slab)
})
