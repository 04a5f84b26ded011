import { copyWords, slack, viewOf } from '../words.js'

const chunkSize = 65_536

/** A text as bytes, to be copied often. */
export interface Piece {
  readonly view: DataView
  readonly length: number
}

export function piece(text: string): Piece {
  const length = Buffer.byteLength(text)
  const buffer = Buffer.allocUnsafeSlow(length + slack)
  buffer.write(text)
  return { view: viewOf(buffer), length }
}

/** Bytes in the making, in chunks of 64 KiB or, for one long piece, more. Outside of V8's heap, so nothing to collect. */
export class Bytes {
  readonly chunks: Uint8Array[] = []
  /** The chunk being filled; whoever writes to it by hand asks `room` first and moves `at`. */
  buffer = Buffer.allocUnsafeSlow(chunkSize)
  at = 0
  /** The same memory. */
  view = viewOf(this.buffer)

  /** Makes sure that `length` bytes can follow one another. */
  room(length: number): void {
    if (this.at + length <= this.buffer.length) return
    this.#close()
    this.continue(Buffer.allocUnsafeSlow(Math.max(chunkSize, length)), 0)
  }

  /** Goes on in this chunk, behind what was written before. */
  continue(buffer: Buffer<ArrayBuffer>, at: number): void {
    this.buffer = buffer
    this.at = at
    this.view = viewOf(buffer)
  }

  copy(from: DataView, begin: number, end: number): void {
    this.room(end - begin + slack)
    copyWords(from, begin, end, this.view, this.at)
    this.at += end - begin
  }

  piece({ view, length }: Piece): void {
    this.copy(view, 0, length)
  }

  text(text: string): void {
    const length = Buffer.byteLength(text)
    this.room(length)
    this.buffer.write(text, this.at, length)
    this.at += length
  }

  byte(byte: number): void {
    this.room(1)
    this.buffer[this.at++] = byte
  }

  /** All that was written; nothing may follow. */
  done(): readonly Uint8Array[] {
    this.#close()
    return this.chunks
  }

  #close(): void {
    if (this.at > 0) this.chunks.push(this.buffer.subarray(0, this.at))
    this.at = 0
  }
}
