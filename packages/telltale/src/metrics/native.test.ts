import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import {
  mergeNative,
  type NativeCounts,
  nativeWidth,
  observeNative,
  readNative,
  resetNative,
  writeNative,
} from './native.js'
import { boundOf } from './native-bounds.js'
import type { Native } from './native-options.js'

const plain: Native = {
  schema: 3,
  maxBuckets: 160,
  zeroThreshold: 2 ** -128,
  maxZeroThreshold: 0,
  minResetMs: 0,
}
// Something before it and behind, which must stay.
const at = 3

function of(native: Native, values: readonly number[]): { counts: NativeCounts; numbers: Float64Array } {
  const numbers = new Float64Array(at + nativeWidth(native) + 2)
  numbers.fill(-7, 0, at).fill(-7, at + nativeWidth(native))
  for (const value of values) observeNative(numbers, at, native, value)
  expect([...numbers.subarray(0, at), ...numbers.subarray(at + nativeWidth(native))]).toEqual(
    Array(5).fill(-7),
  )
  return { counts: readNative(numbers, at, native), numbers }
}

function total({ zeroCount, positive, negative }: NativeCounts): number {
  return [...positive, ...negative].reduce((sum, [, count]) => sum + count, zeroCount)
}

/** Each value looked at against the bounds of what came out. */
function expectHolds(counts: NativeCounts, values: readonly number[]): void {
  const { schema, zeroThreshold, zeroCount } = counts
  expect(total(counts)).toBe(values.length)
  for (const [buckets, sign] of [
    [counts.positive, 1],
    [counts.negative, -1],
  ] as const) {
    expect(buckets.map(([key]) => key)).toEqual(
      [...new Set(buckets.map(([key]) => key))].toSorted((a, b) => a - b),
    )
    for (const [key, count] of buckets) {
      const [lower, upper] = [boundOf(key - 1, schema), boundOf(key, schema)]
      const inside = values.filter((value) => value * sign > lower && value * sign <= upper).length
      const alsoNearZero = values.filter(
        (value) => value * sign > lower && value * sign <= Math.min(upper, zeroThreshold),
      )
      expect(count).toBeGreaterThan(0)
      expect(count).toBeLessThanOrEqual(inside)
      expect(count).toBeGreaterThanOrEqual(inside - alsoNearZero.length)
    }
  }
  expect(zeroCount).toBeLessThanOrEqual(values.filter((value) => Math.abs(value) <= zeroThreshold).length)
}

// From the bounds of schemas, where buckets meet, as well. Subnormals have cases of their own beside native-bounds.ts:
// there bounds can only be written rounded, which these tests compare with.
const value = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: -100, max: 100, noNaN: true }),
    fc
      .tuple(fc.integer({ min: -200, max: 200 }), fc.integer({ min: -4, max: 8 }), fc.constantFrom(-1, 1))
      .map(([key, schema, sign]) => boundOf(key, schema) * sign),
  )
  .filter((v) => v === 0 || Math.abs(v) > 2 ** -1021)
const native = fc.record<Native>({
  schema: fc.integer({ min: -4, max: 8 }),
  maxBuckets: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 200 })),
  zeroThreshold: fc.constantFrom(0, 2 ** -128, 0.01),
  maxZeroThreshold: fc.constantFrom(0, 0.1, 10),
  minResetMs: fc.constant(0),
})

test('any values are counted once, in buckets they belong to, within the cap', () => {
  fc.assert(
    fc.property(native, fc.array(value, { maxLength: 100 }), (options, values) => {
      const { counts } = of(options, values)
      expectHolds(counts, values)
      expect(counts.positive.length + counts.negative.length).toBeLessThanOrEqual(options.maxBuckets)
    }),
    { numRuns: 500 },
  )
})

test('under the cap the buckets are those of a map by bound', () => {
  fc.assert(
    fc.property(fc.integer({ min: -4, max: 8 }), fc.array(value, { maxLength: 100 }), (schema, values) => {
      const { counts } = of({ ...plain, schema, maxBuckets: 1000, zeroThreshold: 0 }, values)
      const model = new Map<string, number>()
      for (const v of values.filter((v) => v !== 0)) {
        // From an estimate to the bucket: the lowest bound that is not below.
        let key = Math.round(Math.log2(Math.abs(v)) * 2 ** schema) + 2
        while (boundOf(key - 1, schema) >= Math.abs(v)) key--
        const name = `${Math.sign(v)} ${key}`
        model.set(name, (model.get(name) ?? 0) + 1)
      }
      const got = [
        ...counts.positive.map(([key, count]) => [`1 ${key}`, count] as const),
        ...counts.negative.map(([key, count]) => [`-1 ${key}`, count] as const),
      ]
      expect(new Map(got)).toEqual(model)
      expect(counts.zeroCount).toBe(values.filter((v) => v === 0).length)
      expect(counts.schema).toBe(schema)
    }),
  )
})

test('full buckets are halved in resolution until they fit', () => {
  const { counts } = of({ ...plain, schema: 2, maxBuckets: 2 }, [1, 2, 4])
  expect(counts).toEqual({
    schema: -1,
    zeroThreshold: 2 ** -128,
    zeroCount: 0,
    positive: [
      [0, 1],
      [1, 2],
    ],
    negative: [],
  })
})

test('the zero bucket widens first, as far as it may', () => {
  const options = { ...plain, schema: 0, maxBuckets: 2, maxZeroThreshold: 1 }
  expect(of(options, [0.5, -0.5, 4]).counts).toMatchObject({
    zeroThreshold: 0.5,
    zeroCount: 2,
    positive: [[2, 1]],
  })
  // The new value itself is the one nearest to zero.
  expect(of(options, [4, 2, 0.5]).counts).toMatchObject({ schema: 0, zeroThreshold: 0.5, zeroCount: 1 })
  expect(of(options, [2, 4, 8]).counts).toMatchObject({ schema: -1, zeroThreshold: 2 ** -128, zeroCount: 0 })
})

test('where even the coarsest buckets do not fit, the zero bucket takes the nearest', () => {
  const { counts } = of({ ...plain, maxBuckets: 1 }, [1e-30, -5, 1e30, 1e300])
  expect(counts).toMatchObject({ schema: -4, zeroCount: 3, negative: [], positive: [[63, 1]] })
  expectHolds(counts, [1e-30, -5, 1e30, 1e300])
})

test('a full series begins anew after minResetMs, with all of its numbers', () => {
  vi.useFakeTimers()
  try {
    const options = { ...plain, schema: 0, maxBuckets: 2, minResetMs: 60_000 }
    const numbers = new Float64Array(at + nativeWidth(options))
    const observe = (v: number): void => observeNative(numbers, at, options, v, 1)
    for (const v of [1, 2, 4]) observe(v)
    expect(readNative(numbers, at, options)).toMatchObject({ schema: -1 })
    numbers.fill(5, 0, at)
    vi.advanceTimersByTime(60_000)
    observe(1024)
    expect(readNative(numbers, at, options)).toMatchObject({ schema: 0, positive: [[10, 1]] })
    // What lies before the series is another's.
    expect([...numbers.subarray(0, at)]).toEqual([5, 0, 0])
    observe(1)
    observe(2)
    expect(readNative(numbers, at, options)).toMatchObject({ schema: -4 })
  } finally {
    vi.useRealTimers()
  }
})

test('merging is as if one series had seen all', () => {
  fc.assert(
    fc.property(
      native,
      fc.array(value, { maxLength: 50 }),
      fc.array(value, { maxLength: 50 }),
      (options, xs, ys) => {
        const [a, b] = [of(options, xs).counts, of(options, ys).counts]
        const merged = mergeNative(a, b)
        expect(merged.schema).toBe(Math.min(a.schema, b.schema))
        expectHolds(merged, [...xs, ...ys])
        expect(mergeNative(b, a)).toEqual(merged)
        // And written back, within the cap.
        const { numbers } = of(options, [])
        writeNative(numbers, at, options, merged)
        const written = readNative(numbers, at, options)
        expectHolds(written, [...xs, ...ys])
        if (merged.positive.length + merged.negative.length <= options.maxBuckets)
          expect(written).toEqual(merged)
      },
    ),
  )
})

test('reset, it is as new', () => {
  const { numbers } = of({ ...plain, maxBuckets: 2 }, [0, 1, -2, 3])
  resetNative(numbers, at, { ...plain, maxBuckets: 2 })
  expect(readNative(numbers, at, { ...plain, maxBuckets: 2 })).toEqual(of(plain, []).counts)
})

test('a reader in another thread sees every value that was counted before', { timeout: 30_000 }, async () => {
  const options = { ...plain, maxBuckets: 20 }
  const numbers = new Float64Array(new SharedArrayBuffer(8 * nativeWidth(options)))
  // Moves all buckets up and down all the time, the version odd meanwhile; the count stays 20.
  const worker = new Worker(
    `const { workerData: [n] } = require('node:worker_threads')
     n[4] = 20
     for (let i = 0; i < 20; i++) { n[8 + i] = 2 ** 20 + i; n[28 + i] = 1 }
     n[7] = 1
     for (let shift = 0; n[6] === 0; shift ^= 1) {
       n[0]++; Atomics.add(new Int32Array(new SharedArrayBuffer(4)), 0, 1)
       for (let i = 0; i < 20; i++) { n[8 + i] = 2 ** 20 + i + 100 * shift; n[28 + i] = shift ? i : 19 - i }
       Atomics.add(new Int32Array(new SharedArrayBuffer(4)), 0, 1); n[0]++
       for (let i = 0; i < 20_000; i++);
     }`,
    { eval: true, workerData: [numbers] },
  )
  try {
    await vi.waitFor(() => expect(numbers[0]).toBeGreaterThan(10), { timeout: 20_000 })
    for (let i = 0; i < 2000; i++) {
      const { positive } = readNative(numbers, 0, options)
      const first = positive[0]![0]
      expect(positive.map(([key]) => key - first)).toEqual(Array.from({ length: 20 }, (_, k) => k))
      expect(positive.reduce((sum, [, count]) => sum + count, 0)).toBe(190)
    }
  } finally {
    numbers[6] = 1
    await worker.terminate()
  }
})
