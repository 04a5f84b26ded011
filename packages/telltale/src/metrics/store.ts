import { now } from './clock.js'
import { wellFormed } from './label-value.js'
import { slack, viewOf } from './words.js'

const first = 8
/** In place of the second in which a series was touched, where there is none. */
export const dead = -1
const compactAt = 65_536

/** Numbers of some of a store's series, side by side. A chunk is never moved, so that a bound series can hold on to it. */
export interface Chunk {
  readonly values: Float64Array
  /**
   * The second in which each number was last touched, as a negative number the one in which a series not touched since
   * was added, and -1 for a series that is not there; see clock.ts.
   */
  readonly seen: Int32Array
  /** Where the labels of each series begin and end in `bytes`. */
  readonly spans: Uint32Array
}

/**
 * The series of one metric: `width` numbers and the label pairs `a="x",b="y"` each, as the bytes that are written. Chunks
 * double in size; labels lie in one piece of memory, so that rendering is copying. About 20 bytes a series besides its
 * labels and numbers.
 */
export class Store {
  readonly width: number
  readonly chunks: Chunk[] = []
  bytes = Buffer.allocUnsafeSlow(slack)
  /** The same memory. */
  view = viewOf(this.bytes)
  /** One more than the highest slot in use. */
  count = 0
  #used = 0
  #dead = 0
  readonly #free: number[] = []
  /** Slots given up while the store is walked. */
  readonly #parked: number[] = []
  #walks = 0
  readonly #allocate: (doubles: number) => Float64Array

  constructor(width: number, allocate = (doubles: number): Float64Array => new Float64Array(doubles)) {
    this.width = width
    this.#allocate = allocate
  }

  /** Series that are there. */
  get size(): number {
    return this.count - this.#free.length - this.#parked.length
  }

  chunkOf(slot: number): Chunk {
    return this.chunks[chunkNumber(slot)]!
  }

  /** A new series with these labels, its numbers at `initial`. */
  add(labels: string, initial: number): number {
    const slot = this.#free.pop() ?? this.count++
    let chunk = this.chunkOf(slot) as Chunk | undefined
    if (chunk === undefined) this.chunks.push((chunk = this.#chunk(first << this.chunks.length)))
    const at = place(slot)
    chunk.values.fill(initial, at * this.width, (at + 1) * this.width)
    // No second that the clock shows: the first touch is to be seen.
    this.renew(slot)
    const text = wellFormed(labels)
    const length = Buffer.byteLength(text)
    this.#reserve(length)
    this.bytes.write(text, this.#used)
    chunk.spans[2 * at] = this.#used
    chunk.spans[2 * at + 1] = this.#used += length
    return slot
  }

  remove(slot: number): void {
    const chunk = this.chunkOf(slot)
    const at = place(slot)
    this.#dead += chunk.spans[2 * at + 1]! - chunk.spans[2 * at]!
    chunk.spans.fill(0, 2 * at, 2 * at + 2)
    chunk.seen[at * this.width] = dead
    ;(this.#walks > 0 ? this.#parked : this.#free).push(slot)
    if (this.#dead > compactAt && this.#dead > this.#used / 2) this.#compact()
  }

  /** Until `release`, new series stand behind all others: who walks the store in slices sees none twice. */
  hold(): void {
    this.#walks++
  }

  release(): void {
    this.#walks--
    if (this.#walks > 0) return
    for (const slot of this.#parked) this.#free.push(slot)
    this.#parked.length = 0
  }

  has(slot: number): boolean {
    return this.chunkOf(slot).seen[place(slot) * this.width] !== dead
  }

  /** The labels of a series as they are written. */
  labels(slot: number): string {
    const { spans } = this.chunkOf(slot)
    const at = 2 * place(slot)
    return this.bytes.toString('utf8', spans[at], spans[at + 1])
  }

  /** The number `i` of a series. */
  get(slot: number, i = 0): number {
    return this.chunkOf(slot).values[place(slot) * this.width + i]!
  }

  /** The last second in which a series was touched or added. */
  seen(slot: number): number {
    const { seen } = this.chunkOf(slot)
    const at = place(slot) * this.width
    let last = 0
    for (let i = at; i < at + this.width; i++) last = Math.max(last, Math.abs(seen[i]!))
    return last
  }

  /** A series is as old as one that was added now. */
  renew(slot: number): void {
    const at = place(slot) * this.width
    this.chunkOf(slot).seen.fill(-now(), at, at + this.width)
  }

  #chunk(slots: number): Chunk {
    return {
      values: this.#allocate(slots * this.width),
      seen: new Int32Array(slots * this.width),
      spans: new Uint32Array(slots * 2),
    }
  }

  #reserve(length: number): void {
    const needed = this.#used + length + slack
    if (needed <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, Math.ceil(this.bytes.length * 1.5), 128))
    grown.set(this.bytes.subarray(0, this.#used))
    this.#take(grown)
  }

  #compact(): void {
    const bytes = Buffer.allocUnsafeSlow(this.#used - this.#dead + slack)
    let used = 0
    for (let slot = 0; slot < this.count; slot++) {
      if (!this.has(slot)) continue
      const { spans } = this.chunkOf(slot)
      const at = 2 * place(slot)
      bytes.set(this.bytes.subarray(spans[at], spans[at + 1]), used)
      const length = spans[at + 1]! - spans[at]!
      spans[at] = used
      spans[at + 1] = used += length
    }
    this.#take(bytes)
    this.#used = used
    this.#dead = 0
  }

  #take(bytes: Buffer<ArrayBuffer>): void {
    this.bytes = bytes
    this.view = viewOf(bytes)
  }
}

/** Which chunk a series stands in. */
export function chunkNumber(slot: number): number {
  return 28 - Math.clz32(slot + first)
}

/** Where a series stands in its chunk. */
export function place(slot: number): number {
  return slot + first - (first << (28 - Math.clz32(slot + first)))
}
