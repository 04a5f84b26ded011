/**
 * OpenTelemetry's JSON has every whole number as an `intValue`, which is an int64: `1e+300` makes a strict collector
 * refuse the batch. What a double alone can hold, beyond 2^53, is one here.
 */
export function withDoubles(body: Uint8Array): Uint8Array {
  // One byte, one character: what is UTF-8 stays as it is. Within a text, quotes have a backslash.
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
  const mended = text.replace(wide, (found, digits: string) =>
    Number.isSafeInteger(Number(digits)) ? found : `"doubleValue":${digits}`,
  )
  return mended === text ? body : Buffer.from(mended, 'latin1')
}

const wide = /"intValue":(-?(?:\d{16,}|\d[\d.]*e\+\d+))/g
