import { slack, viewOf } from '../words.js'

/** What a protobuf field holds, beside its number in the tag (protobuf.dev, "Encoding"). */
export const wire = { varint: 0, fixed64: 1, bytes: 2 } as const

/**
 * One protobuf message in the making, in a buffer that is used again for the next. A nested one is written in place: one
 * byte is kept for its length, and it moves up where that is not enough.
 */
export class Message {
  buffer = Buffer.allocUnsafeSlow(1024)
  /** The same memory. */
  view = viewOf(this.buffer)
  at = 0

  /** Begins a nested message or a packed list; `close` takes what it gives. */
  open(field: number): number {
    this.#tag(field, wire.bytes)
    this.#room(1)
    return this.at++
  }

  close(opened: number): void {
    const begin = opened + 1
    const length = this.at - begin
    if (length >= 0x80) {
      const extra = varintLength(length) - 1
      this.#room(extra)
      this.buffer.copyWithin(begin + extra, begin, this.at)
      this.at += extra
    }
    const end = this.at
    this.at = opened
    this.varint(length)
    this.at = end
  }

  text(field: number, text: string): void {
    const length = Buffer.byteLength(text)
    this.#tag(field, wire.bytes)
    this.varint(length)
    this.#room(length)
    this.buffer.write(text, this.at)
    this.at += length
  }

  byte(byte: number): void {
    this.#room(1)
    this.buffer[this.at++] = byte
  }

  double(field: number, value: number): void {
    this.#tag(field, wire.fixed64)
    this.#room(8)
    this.view.setFloat64(this.at, value, true)
    this.at += 8
  }

  /** A whole number from 0 to 2^53. */
  uint(field: number, value: number): void {
    this.#tag(field, wire.varint)
    this.varint(value)
  }

  sint(field: number, value: number): void {
    this.uint(field, zigzag(value))
  }

  /** Without a tag, as in a packed list. What is below 0 or above 2^53 - 1 is written as these, and NaN as 0. */
  varint(value: number): void {
    this.#room(8)
    value = Math.min(Math.max(value, 0), Number.MAX_SAFE_INTEGER)
    // Beyond 2^31 shifts would cut it.
    while (value >= 0x80) {
      this.buffer[this.at++] = (value % 0x80) | 0x80
      value = Math.floor(value / 0x80)
    }
    this.buffer[this.at++] = value
  }

  #tag(field: number, type: number): void {
    this.varint(field * 8 + type)
  }

  #room(length: number): void {
    const needed = this.at + length + slack
    if (needed <= this.buffer.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.buffer.length, needed))
    grown.set(this.buffer.subarray(0, this.at))
    this.buffer = grown
    this.view = viewOf(grown)
  }
}

/** Small for small magnitudes: 0, -1, 1, -2 … are 0, 1, 2, 3 … */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}

function varintLength(value: number): number {
  let length = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++
  return length
}
