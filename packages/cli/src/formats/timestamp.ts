import { asNumber, isEntry } from './entry.js'

const digits = /^\d{9,19}(\.\d+)?$/

/**
 * A time as RFC 3339: from seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size (each
 * unit covers the years 1973 to 5138), from `{ seconds, nanos }`, or from a text a Date can read. Other text stays as it is.
 */
export function readTimestamp(value: unknown): string | undefined {
  if (isEntry(value)) {
    const seconds = asNumber(value.seconds)
    return seconds === undefined ? undefined : fromEpoch(seconds * 1000 + (asNumber(value.nanos) ?? 0) / 1e6)
  }
  if (typeof value === 'number') return fromEpoch(milliseconds(value)) ?? String(value)
  if (typeof value !== 'string' || value === '') return undefined
  if (digits.test(value)) return fromEpoch(milliseconds(Number(value))) ?? value
  // Python's logging writes `2026-01-31 12:04:07,512`; a Date wants a point.
  return value.replace(/^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d),(\d{3})/, '$1.$2')
}

function milliseconds(number: number): number {
  const size = Math.abs(number)
  if (size < 1e11) return number * 1000
  if (size < 1e14) return number
  return size < 1e17 ? number / 1000 : number / 1e6
}

function fromEpoch(ms: number): string | undefined {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
