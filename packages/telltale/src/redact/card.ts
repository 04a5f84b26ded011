import { censor } from './censor.js'

/** Issuers: first and last prefix, and the lengths they use (ISO/IEC 7812 ranges as the networks publish them). */
const issuers: readonly (readonly [first: string, last: string, lengths: readonly number[]])[] = [
  ['4', '4', [13, 16, 19]], // Visa
  ['51', '55', [16]], // Mastercard
  ['2221', '2720', [16]],
  ['34', '34', [15]], // American Express
  ['37', '37', [15]],
  ['6011', '6011', [16, 17, 18, 19]], // Discover
  ['644', '659', [16, 17, 18, 19]],
  ['300', '305', [14, 16, 17, 18, 19]], // Diners Club
  ['309', '309', [14, 16, 17, 18, 19]],
  ['36', '36', [14, 15, 16, 17, 18, 19]],
  ['38', '39', [14, 16, 17, 18, 19]],
  ['3528', '3589', [16, 17, 18, 19]], // JCB
  ['62', '62', [16, 17, 18, 19]], // UnionPay
  ['2200', '2204', [16, 17, 18, 19]], // Mir
  ['50', '50', [13, 14, 15, 16, 17, 18, 19]], // Maestro
  ['56', '58', [13, 14, 15, 16, 17, 18, 19]],
  ['6304', '6304', [13, 14, 15, 16, 17, 18, 19]],
  ['6759', '6763', [13, 14, 15, 16, 17, 18, 19]],
]

const minDigits = 13
const maxDigits = 19

/** Whether a number, written in digits, is a card number. Costs a comparison for most numbers. */
export function cardNumber(value: number | bigint): boolean {
  if (value < 1e12 || value >= 1e19) return false
  if (typeof value === 'number' && !Number.isInteger(value)) return false
  return isCard(BigInt(value).toString())
}

function isCard(digits: string): boolean {
  if (digits.length < minDigits || digits.length > maxDigits) return false
  return luhn(digits, 0, digits.length) && isIssued(digits)
}

function isIssued(digits: string): boolean {
  return issuers.some(([first, last, lengths]) => {
    const prefix = digits.slice(0, first.length)
    return prefix >= first && prefix <= last && lengths.includes(digits.length)
  })
}

const doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]

/** The check digit, over the digits in a part of a text. */
function luhn(text: string, start: number, end: number): boolean {
  let sum = 0
  let double = false
  for (let i = end - 1; i >= start; i--) {
    const digit = text.charCodeAt(i) - 48
    // Between the groups.
    if (digit < 0) continue
    sum += double ? doubled[digit]! : digit
    double = !double
  }
  return sum % 10 === 0
}

/**
 * Card numbers in `text`, digits in one group or several divided by a space or a dash, replaced. Each group may begin a
 * card, and from it at most 19 digits are looked at: linear.
 */
export function screenCards(text: string): string {
  let out = ''
  let kept = 0 // text is written to out up to here
  for (let i = 0; i < text.length;) {
    if (!isDigit(text.charCodeAt(i))) {
      i++
      continue
    }
    const group = endOfDigits(text, i)
    const end = mayBegin(text, i, group) ? endOfCard(text, i, group) : -1
    if (end >= 0) {
      out += text.slice(kept, i) + censor
      kept = end
    }
    i = end >= 0 ? end : group
  }
  return kept === 0 ? text : out + text.slice(kept)
}

// Cards are grouped by three digits and more, four first; lists of small numbers are not cards.
const minGroup = 3
const minFirstGroup = 4

const firstDigits = issuers.flatMap(([first, last]) => [Number(first[0]), Number(last[0])])
const [lowest, highest] = [Math.min(...firstDigits) + 48, Math.max(...firstDigits) + 48]

/** By its first digit, an issuer's, and what stands before. */
function mayBegin(text: string, start: number, group: number): boolean {
  const first = text.charCodeAt(start)
  const isIssuers = first >= lowest && first <= highest
  return isIssuers && group - start >= minFirstGroup && !beside(text.charCodeAt(start - 1))
}

/** Where the longest card that begins at `start`, with digits up to `group`, ends; or -1. */
function endOfCard(text: string, start: number, group: number): number {
  let found = -1
  let end = group
  for (let digits = group - start; digits <= maxDigits;) {
    if (digits >= minDigits && luhn(text, start, end) && isWhole(text, start, end)) found = end
    const next = end + 1
    if (!divides(text.charCodeAt(end)) || digits + minGroup > maxDigits) break
    end = endOfDigits(text, next, maxDigits + 1)
    if (end - next < minGroup) break
    digits += end - next
  }
  return found
}

/** By an issuer, and no part of something longer. */
function isWhole(text: string, start: number, end: number): boolean {
  return (
    isIssued(text.slice(start, end).replace(/[ -]/g, '')) &&
    !beside(text.charCodeAt(end)) &&
    !fraction(text, start, end)
  )
}

function endOfDigits(text: string, start: number, max = Infinity): number {
  let end = start
  while (end - start < max && isDigit(text.charCodeAt(end))) end++
  return end
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57

const divides = (code: number): boolean => code === 32 || code === 45

/** A Latin letter, digit, `_` or `-` beside the digits: they are part of an id. NaN (the text's edge) is none of them. */
function beside(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 95 ||
    code === 45 ||
    (code > 191 && code < 0x250)
  )
}

/** Digits before or behind a decimal point belong to a number such as 0.4111111111111111. */
function fraction(text: string, start: number, end: number): boolean {
  return /\d\.$/.test(text.slice(Math.max(0, start - 2), start)) || /^\.\d/.test(text.slice(end, end + 2))
}

// Ids, times and counters of nanoseconds are long digit runs, of which one in ten passes Luhn.
const exempt = /(?:_id|_at|timestamp|nano|[a-z\d](?:Id|At|Timestamp|Nano))$/

/** Whether numbers under `key` are never taken for a card's. */
export function cardExempt(key: string | undefined): boolean {
  return key !== undefined && exempt.test(key)
}
