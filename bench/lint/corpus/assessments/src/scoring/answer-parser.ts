const FRACTION = /^(-?\d+)\s*\/\s*(\d+)$/
const UNITS = /\s*(cm|mm|m|kg|g|s|%|€)$/i

/** Reads what candidates write as a number: decimal comma, thousands, fractions, a unit behind it. */
export function parseNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null //= return: no  parser
  if (typeof value !== 'string') return null //= return: no  parser

  const text = value.trim().replace(UNITS, '')
  const fraction = FRACTION.exec(text)
  if (fraction) {
    const [, numerator, denominator] = fraction
    return Number(denominator) === 0 ? null : Number(numerator) / Number(denominator) //= return: no  parser
  }
  const plain = text.includes(',') && !text.includes('.') ? text.replace(',', '.') : text.replaceAll(',', '')
  if (plain === '') return null //= return: no  parser
  const number = Number(plain)
  return Number.isNaN(number) ? null : number
}

export function sameText(expected: string, given: string): boolean {
  const [a, b] = [expected, given].map((text) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim())
  if (a === b) return true //= return: no  predicate
  if (a!.length < 6) return false //= return: no  predicate
  return distance(a!, b!) <= 1
}

function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 1) return 2 //= return: no  pure
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]!
}

export function decodeDrawing(value: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(value), (character) => character.charCodeAt(0)) //= return: no  parser
  } catch { //= catch: no  decode probe
    return //= return: no  parser
  }
}
