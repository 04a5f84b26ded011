import type { Bytes } from './bytes.js'

/** A number as both text formats write a sample's value. */
export function writeNumber(out: Bytes, value: number): void {
  if (value >= 0 && value <= 999_999_999 && (value | 0) === value && !Object.is(value, -0))
    writeWhole(out, value)
  else out.text(floatText(value))
}

/** Whole numbers of up to nine digits without making a string. */
function writeWhole(out: Bytes, value: number): void {
  let digits = 1
  for (let rest = value; rest >= 10; rest = (rest / 10) | 0) digits++
  out.room(digits)
  const { buffer, at } = out
  let rest = value
  for (let i = at + digits - 1; i >= at; i--) {
    const next = (rest / 10) | 0
    buffer[i] = 48 + rest - next * 10
    rest = next
  }
  out.at = at + digits
}

export function floatText(value: number): string {
  if (value === Infinity) return '+Inf'
  if (value === -Infinity) return '-Inf'
  return Object.is(value, -0) ? '0' : String(value)
}

/**
 * A bound as OpenMetrics 1.0 wants it in `le` ("Considerations: canonical numbers"): as Go's %g writes it, with a `.0`
 * where neither point nor exponent would tell it from a whole number.
 */
export function canonical(value: number): string {
  if (!Number.isFinite(value)) return floatText(value)
  const [digits, exponent] = value.toExponential().split('e') as [string, string]
  const power = Number(exponent)
  if (power < -4 || power >= 6) {
    return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
  }
  const text = floatText(value)
  return text.includes('.') ? text : `${text}.0`
}
