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
  // Of ten numbers one passes; that is cheaper to know than the issuer.
  if (!luhn(digits)) return false
  return issuers.some(([first, last, lengths]) => {
    const prefix = digits.slice(0, first.length)
    return prefix >= first && prefix <= last && lengths.includes(digits.length)
  })
}

function luhn(digits: string): boolean {
  let sum = 0
  for (let i = digits.length - 1, double = false; i >= 0; i--, double = !double) {
    let digit = digits.charCodeAt(i) - 48
    if (double && (digit *= 2) > 9) digit -= 9
    sum += digit
  }
  return sum % 10 === 0
}

// 13 digits and more, divided by one space or dash at most. A digit stands in one run only, and a run that is too short
// is left after 12 digits, so this is linear.
const runs = /\d(?:[ -]?\d){12,}/g

/** Card numbers in `text`, digits in one group or several, replaced. */
export function screenCards(text: string): string {
  return text.replace(runs, (run: string, at: number) => {
    return screenRun(run, text.charCodeAt(at - 1), text.charCodeAt(at + run.length), text, at)
  })
}

/** Each group may begin a card; from it at most 19 digits are looked at, so the work per group is constant. */
function screenRun(run: string, before: number, after: number, text: string, at: number): string {
  const groups = run.split(/[ -]/)
  let out = ''
  let start = 0 // offset of groups[i] in run
  let kept = 0 // run is written to out up to here
  for (let i = 0; i < groups.length; i++) {
    let digits = ''
    let end = start
    let found = -1
    let next = i
    const left = start === 0 ? before : run.charCodeAt(start - 1)
    for (let j = i; j < groups.length && !beside(left); j++) {
      const group = groups[j] ?? ''
      // Cards are grouped by three digits and more; lists of small numbers are not cards.
      if (j > i && (group.length < 3 || (groups[i] ?? '').length < 4)) break
      digits += group
      if (digits.length > maxDigits) break
      end = j === i ? start + group.length : end + 1 + group.length
      const right = end === run.length ? after : run.charCodeAt(end)
      if (isCard(digits) && !beside(right) && !fraction(text, at + start, at + end)) {
        found = end
        next = j
      }
    }
    if (found >= 0) {
      out += run.slice(kept, start) + censor
      kept = found
      start = found + 1
      i = next
    } else {
      start += (groups[i] ?? '').length + 1
    }
  }
  return kept === 0 ? run : out + run.slice(kept)
}

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
