/** Seconds or a date (RFC 9110, section 10.2.3) as milliseconds from now. */
export function retryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined
  // By the RFC they are whole; a fraction is understood, too.
  if (/^\d+(\.\d+)?$/.test(header.trim())) return Number(header) * 1000
  // Date.parse takes -1, too, for a year.
  const date = header.endsWith('GMT') ? Date.parse(header) : NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
