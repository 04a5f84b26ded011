/** Milliseconds as a person says them: `40 µs`, `3.2 ms`, `812 ms`, `1.4 s`, `2 min 5 s`, `3 h 10 min`, `2 d 4 h`. */
export function duration(ms: number): string {
  if (ms !== 0 && ms < 0.095) return `${Math.round(ms * 1000)} µs`
  if (ms < 999.5) return `${short(ms)} ms`
  const seconds = ms / 1000
  if (seconds < 59.5) return `${short(seconds)} s`
  if (seconds < 3599.5) return two(Math.round(seconds), 60, 'min', 's')
  if (seconds < 86_370) return two(Math.round(seconds / 60), 60, 'h', 'min')
  return two(Math.round(seconds / 3600), 24, 'd', 'h')
}

function short(value: number): string {
  return value < 9.95 ? String(Math.round(value * 10) / 10) : String(Math.round(value))
}

function two(total: number, size: number, large: string, small: string): string {
  const rest = total % size
  return `${Math.floor(total / size)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`
}
