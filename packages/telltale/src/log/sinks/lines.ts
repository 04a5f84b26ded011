export const newline = 10

/** Not from Node's pool, of which a few bytes that are kept would keep 8 KiB. */
export function exactly(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
  bytes.write(text)
  return bytes
}

/** Whole lines of at most `chunk` bytes from `at` on; of a longer line all of it. */
export function chunkEnd(bytes: Buffer, at: number, chunk: number): number {
  if (bytes.length - at <= chunk) return bytes.length
  const last = bytes.lastIndexOf(newline, at + chunk - 1)
  if (last >= at) return last + 1
  const next = bytes.indexOf(newline, at + chunk)
  return next < 0 ? bytes.length : next + 1
}

export function linesIn(bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) lines++
  return lines
}
