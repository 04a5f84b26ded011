const LENGTHS = { DE: 22, AT: 20, CH: 21, NL: 18, BE: 16, FR: 27, LU: 20 }

export function normaliseIban(value) {
  if (typeof value !== 'string') return '' //= return: no  parser, wrong type
  return value.replace(/\s+/g, '').toUpperCase()
}

function mod97(digits) {
  let rest = 0
  for (const char of digits) rest = (rest * 10 + Number(char)) % 97
  return rest
}

export function isValidIban(value) {
  const iban = normaliseIban(value)
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(iban)) return false //= return: no  predicate
  const expected = LENGTHS[iban.slice(0, 2)]
  if (expected && iban.length !== expected) return false //= return: no  predicate
  const rearranged = iban.slice(4) + iban.slice(0, 4)
  const digits = rearranged.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
  return mod97(digits) === 1
}

export function maskIban(value) {
  const iban = normaliseIban(value)
  if (iban.length < 8) return '****' //= return: no  formatting helper
  return `${iban.slice(0, 4)}…${iban.slice(-4)}`
}
