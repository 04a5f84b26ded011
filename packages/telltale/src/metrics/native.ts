import { boundOf, coarsest, finest, finestKey, keyIn } from './native-bounds.js'
import type { Native } from './native-options.js'

/**
 * Where things stand in a series' native part, a series never used being all 0; behind them `maxBuckets` keys, then as
 * many counts.
 */
const head = {
  /** Odd while buckets are moved: whoever reads in another thread reads again. A count goes up by one store, without. */
  version: 0,
  /** How often the resolution was halved. */
  halvings: 1,
  /** What the zero bucket was widened to; 0: the definition's. */
  zeroThreshold: 2,
  zeroCount: 3,
  used: 4,
  /** When the series began or was reset, in milliseconds; kept where `minResetMs` is given. */
  began: 5,
}
const headWidth = 8

/** Added to keys, which are within ±2^19, so that their sign can carry that of the values: in order of the values then. */
const offset = 2 ** 20

/** Numbers that the native part of a series takes. */
export function nativeWidth({ maxBuckets }: Native): number {
  return headWidth + 2 * maxBuckets
}

/** Makes the native part that begins at `at` empty. */
export function resetNative(values: Float64Array, at: number, native: Native): void {
  moveBegins(values, at)
  values.fill(0, at + head.halvings, at + nativeWidth(native))
  moveEnds(values, at)
}

/**
 * Takes one value into the native part that begins at `at`; nothing is allocated. Where the buckets are
 * full, in this order: the series begins anew if `minResetMs` have passed; the zero bucket widens as far as
 * `maxZeroThreshold`; the resolution is halved, down to one bucket to every 16 powers of two. Beyond that the zero bucket
 * widens past its maximum, so that every value stays counted, in a bucket it belongs to, and memory is bounded.
 *
 * Beginning anew empties the numbers from `begin` on as well, the classic buckets and the sum, since Prometheus takes a
 * histogram that went down for one that began at 0 in all its parts: so it comes before they are added to. Without
 * `begin` a series never begins anew.
 */
export function observeNative(
  values: Float64Array,
  at: number,
  native: Native,
  value: number,
  begin?: number,
): void {
  const magnitude = Math.abs(value)
  if (magnitude <= (values[at + head.zeroThreshold]! || native.zeroThreshold))
    values[at + head.zeroCount]! += 1
  else add(values, at, native, value < 0 ? -1 : 1, finestKey(magnitude), 1, begin)
}

/** The native part of a series, consistent in itself. */
export interface NativeCounts {
  readonly schema: number
  readonly zeroThreshold: number
  readonly zeroCount: number
  /** By rising key; bucket k holds what is above 2^((k-1)/2^schema), up to 2^(k/2^schema). */
  readonly positive: readonly NativeBucket[]
  /** Alike, of the magnitudes. */
  readonly negative: readonly NativeBucket[]
}

export type NativeBucket = readonly [key: number, count: number]

// Moving buckets takes a few microseconds: who moves them for longer waits for a processor, or was ended while at it.
const readings = 100
const maxPauses = 20

/**
 * Reads the native part that begins at `at`. Of a thread that was terminated while it moved buckets it gives those that
 * are in order.
 */
export function readNative(values: Float64Array, at: number, native: Native): NativeCounts {
  const part = scratch(nativeWidth(native))
  for (let i = 0; i < readings + maxPauses; i++) {
    // A millisecond, in which the other thread may get its turn.
    if (i >= readings) Atomics.wait(fenced, 0, 0, 1)
    const version = values[at]!
    fence()
    part.set(values.subarray(at, at + nativeWidth(native)))
    fence()
    if (version % 2 === 0 && values[at] === version) break
  }
  const positive: NativeBucket[] = []
  const negative: NativeBucket[] = []
  let last = -Infinity
  for (let i = headWidth; i < headWidth + part[head.used]!; i++) {
    const code = part[i]!
    if (code <= last || code === 0) continue
    last = code
    const count = part[i + native.maxBuckets]!
    if (code > 0) positive.push([code - offset, count])
    else negative.push([-code - offset, count])
  }
  return {
    schema: native.schema - part[head.halvings]!,
    zeroThreshold: part[head.zeroThreshold]! || native.zeroThreshold,
    zeroCount: part[head.zeroCount]!,
    positive,
    negative: negative.reverse(),
  }
}

/** Both together, in the lower resolution and with the wider zero bucket of the two; every value stays counted. */
export function mergeNative(a: NativeCounts, b: NativeCounts): NativeCounts {
  const schema = Math.min(a.schema, b.schema)
  const zeroThreshold = Math.max(a.zeroThreshold, b.zeroThreshold)
  let zeroCount = a.zeroCount + b.zeroCount
  const side = (name: 'positive' | 'negative'): NativeBucket[] => {
    const counts = new Map<number, number>()
    for (const from of [a, b]) {
      for (const [key, count] of from[name]) {
        if (boundOf(key, from.schema) <= zeroThreshold) {
          zeroCount += count
          continue
        }
        const merged = keyIn(schema, key * 2 ** (finest - from.schema))
        counts.set(merged, (counts.get(merged) ?? 0) + count)
      }
    }
    return [...counts].toSorted(([x], [y]) => x - y)
  }
  const [positive, negative] = [side('positive'), side('negative')]
  return { schema, zeroThreshold, zeroCount, positive, negative }
}

/** Puts counts in place of the native part that begins at `at`, made coarser where they have too many buckets for it. */
export function writeNative(values: Float64Array, at: number, native: Native, counts: NativeCounts): void {
  resetNative(values, at, native)
  values[at + head.halvings] = native.schema - counts.schema
  if (counts.zeroThreshold > native.zeroThreshold) values[at + head.zeroThreshold] = counts.zeroThreshold
  values[at + head.zeroCount] = counts.zeroCount
  const scale = 2 ** (finest - counts.schema)
  for (const [key, count] of counts.negative.toReversed()) add(values, at, native, -1, key * scale, count)
  for (const [key, count] of counts.positive) add(values, at, native, 1, key * scale, count)
}

function add(
  values: Float64Array,
  at: number,
  native: Native,
  sign: 1 | -1,
  finestKey: number,
  count: number,
  begin?: number,
): void {
  const { maxBuckets } = native
  for (;;) {
    const key = keyIn(native.schema - values[at + head.halvings]!, finestKey)
    const code = sign * (key + offset)
    const used = values[at + head.used]!
    const place = search(values, at + headWidth, used, code)
    if (place < at + headWidth + used && values[place] === code) {
      values[place + maxBuckets]! += count
      return
    }
    if (used < maxBuckets) return insert(values, at, native, place, code, count)
    if (makeRoom(values, at, native, key, begin)) {
      values[at + head.zeroCount]! += count
      return
    }
  }
}

/** The place of the first of the sorted codes that is not below `code`. */
function search(values: Float64Array, first: number, used: number, code: number): number {
  let low = first
  for (let end = first + used; low < end;) {
    const middle = (low + end) >>> 1
    if (values[middle]! < code) low = middle + 1
    else end = middle
  }
  return low
}

function insert(
  values: Float64Array,
  at: number,
  native: Native,
  place: number,
  code: number,
  count: number,
): void {
  const { maxBuckets, minResetMs } = native
  moveBegins(values, at)
  const end = at + headWidth + values[at + head.used]!
  values.copyWithin(place + 1, place, end)
  values.copyWithin(place + maxBuckets + 1, place + maxBuckets, end + maxBuckets)
  values[place] = code
  values[place + maxBuckets] = count
  values[at + head.used]! += 1
  if (minResetMs > 0 && values[at + head.began] === 0) values[at + head.began] = Date.now()
  moveEnds(values, at)
}

/** Makes the buckets fewer or coarser; true if what has this key belongs into the zero bucket now. */
function makeRoom(
  values: Float64Array,
  at: number,
  native: Native,
  key: number,
  begin: number | undefined,
): boolean {
  const { minResetMs, maxZeroThreshold } = native
  const now = minResetMs > 0 && begin !== undefined ? Date.now() : 0
  if (begin !== undefined && now > 0 && now - values[at + head.began]! >= minResetMs) {
    resetNative(values, at, native)
    values.fill(0, begin, at)
    values[at + head.began] = now
    return false
  }
  const schema = native.schema - values[at + head.halvings]!
  const nearest = nearestToZero(values, at, key)
  const bound = boundOf(nearest, schema)
  const widens = bound <= maxZeroThreshold || schema === coarsest
  moveBegins(values, at)
  if (widens) {
    values[at + head.zeroThreshold] = Math.max(
      bound,
      values[at + head.zeroThreshold]! || native.zeroThreshold,
    )
    rebuild(values, at, native, (code) => (Math.abs(code) === nearest + offset ? 0 : code))
  } else {
    values[at + head.halvings]! += 1
    rebuild(values, at, native, (code) => Math.sign(code) * (((Math.abs(code) - offset + 1) >> 1) + offset))
  }
  moveEnds(values, at)
  return widens && nearest === key
}

function nearestToZero(values: Float64Array, at: number, key: number): number {
  const first = at + headWidth
  const used = values[at + head.used]!
  const above = search(values, first, used, 0)
  return Math.min(
    key,
    above < first + used ? values[above]! - offset : key,
    above > first ? -values[above - 1]! - offset : key,
  )
}

/** Gives every bucket its new code, which keeps their order; neighbours with the same one are put together, 0 is the zero bucket. */
function rebuild(
  values: Float64Array,
  at: number,
  { maxBuckets }: Native,
  recode: (code: number) => number,
): void {
  const first = at + headWidth
  const end = first + values[at + head.used]!
  let to = first
  for (let from = first; from < end; from++) {
    const code = recode(values[from]!)
    const count = values[from + maxBuckets]!
    if (code === 0) values[at + head.zeroCount]! += count
    else if (to > first && values[to - 1] === code) values[to - 1 + maxBuckets]! += count
    else {
      values[to] = code
      values[to + maxBuckets] = count
      to++
    }
  }
  values[at + head.used] = to - first
}

function moveBegins(values: Float64Array, at: number): void {
  values[at + head.version]! += 1
  fence()
}

function moveEnds(values: Float64Array, at: number): void {
  fence()
  values[at + head.version]! += 1
}

const fenced = new Int32Array(new SharedArrayBuffer(4))

/** Keeps what is written or read before it before what comes after it: a Float64Array has no atomic access. */
function fence(): void {
  Atomics.add(fenced, 0, 1)
}

let copy = new Float64Array(0)

/** One copy serves every reading: nothing else runs meanwhile. */
function scratch(width: number): Float64Array {
  if (copy.length < width) copy = new Float64Array(width)
  return copy.subarray(0, width)
}
