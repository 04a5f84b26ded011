/** What a text may hold, found in one look at each of its characters: most texts have none of them. */
export const signs = {
  /** `=` or `:`, behind which a value may stand. */
  separator: 1,
  at: 2,
  percent: 4,
  /** 16 and more characters of an unbroken token that is not hexadecimal, so no UUID, trace id or digest. */
  token: 8,
  /** 13 and more digits in groups. */
  digits: 16,
  /** The beginning of "bearer" or "basic". */
  scheme: 32,
  /** Two dashes, as a PEM block begins. */
  dashes: 64,
} as const

const hex = 0
const letter = 1
const digit = 2
const letterB = 3
const dot = 4
const dash = 5
const separator = 6
const at = 7
const percent = 8
const other = 9

const minToken = 16
const minDigits = 13

const kinds = new Uint8Array(128).fill(other)
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code)
  if (/[a-f]/i.test(char)) kinds[code] = hex
  else if (/[g-z_]/i.test(char)) kinds[code] = letter
  else if (/\d/.test(char)) kinds[code] = digit
}
for (const [char, kind] of [
  ['b', letterB],
  ['B', letterB],
  ['.', dot],
  ['-', dash],
  ['=', separator],
  [':', separator],
  ['@', at],
  ['%', percent],
] as const) {
  kinds[char.charCodeAt(0)] = kind
}

/**
 * The signs in `text`, or 0: the screen before every rule, about a nanosecond a character. Positions are remembered
 * instead of counts kept, so that a letter costs one store at most.
 */
export function findSigns(text: string): number {
  let found = 0
  let tokenStart = 0
  let lastLetter = -1
  let lastDigit = -3
  let digits = 0
  const length = text.length
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    switch (code < 128 ? kinds[code] : other) {
      case hex:
      case dot:
        continue
      case letter:
        lastLetter = i
        continue
      case digit: {
        digits =
          i - 1 === lastDigit || (i - 2 === lastDigit && joins(text.charCodeAt(i - 1))) ? digits + 1 : 1
        lastDigit = i
        if (digits === minDigits) found |= signs.digits
        continue
      }
      case letterB: {
        const next = text.charCodeAt(i + 1) | 32
        const third = text.charCodeAt(i + 2) | 32
        // "be" and "a", "ba" and "s"
        if ((next === 101 && third === 97) || (next === 97 && third === 115)) found |= signs.scheme
        continue
      }
      case dash:
        if (text.charCodeAt(i + 1) === 45) found |= signs.dashes
        continue
      case separator:
        found |= signs.separator
        break
      case at:
        found |= signs.at
        break
      case percent:
        found |= signs.percent
        break
    }
    if (i - tokenStart >= minToken && lastLetter >= tokenStart) found |= signs.token
    tokenStart = i + 1
  }
  if (length - tokenStart >= minToken && lastLetter >= tokenStart) found |= signs.token
  return found
}

const joins = (code: number): boolean => code === 32 || code === 45
