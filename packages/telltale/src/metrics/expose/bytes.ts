const chunkSize = 65_536

/** Bytes in the making, in chunks of 64 KiB or, for one long piece, more. Outside of V8's heap, so nothing to collect. */
export class Bytes {
  readonly chunks: Uint8Array[] = []
  /** The chunk being filled; whoever writes to it by hand asks `room` first and moves `at`. */
  buffer = Buffer.allocUnsafeSlow(chunkSize)
  at = 0

  /** Makes sure that `length` bytes can follow one another. */
  room(length: number): void {
    if (this.at + length <= this.buffer.length) return
    this.#close()
    this.buffer = Buffer.allocUnsafeSlow(Math.max(chunkSize, length))
  }

  /** Short pieces: a loop is faster than a call into the runtime up to some hundred bytes. */
  copy(from: Uint8Array, begin = 0, end = from.length): void {
    const length = end - begin
    this.room(length)
    const { buffer, at } = this
    if (length > 256) buffer.set(from.subarray(begin, end), at)
    else for (let i = 0; i < length; i++) buffer[at + i] = from[begin + i]!
    this.at = at + length
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
