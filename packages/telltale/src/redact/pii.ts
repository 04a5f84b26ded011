import { isIP } from 'node:net'
import { censor } from './censor.js'

const maxLocal = 64
const maxDomain = 255
// The longest address, a port, and what ends a sentence.
const maxRun = 45 + 6 + 1

/** E-mail addresses: around each `@` a bounded look to both sides. */
export function screenEmails(text: string): string {
  let out = ''
  let kept = 0
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at
    while (start > kept && at - start < maxLocal && isLocal(text.charCodeAt(start - 1))) start--
    let end = at + 1
    while (end < text.length && end - at <= maxDomain && isDomain(text.charCodeAt(end))) end++
    while (end > at && !isWord(text.charCodeAt(end - 1))) end--
    if (start === at || !hasDot(text, at + 1, end)) continue
    out += text.slice(kept, start) + censor
    kept = end
    at = end - 1
  }
  return kept === 0 ? text : out + text.slice(kept)
}

const local = asciiTable(/[\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]/u)
const domain = asciiTable(/[\p{L}\p{N}.-]/u)
const word = asciiTable(/[\p{L}\p{N}]/u)

const isLocal = (code: number): boolean => (code < 128 ? local[code] === 1 : isLetter(code))
const isDomain = (code: number): boolean => (code < 128 ? domain[code] === 1 : isLetter(code))
const isWord = (code: number): boolean => (code < 128 ? word[code] === 1 : isLetter(code))

/** Beyond ASCII, by UTF-16 unit. */
const isLetter = (code: number): boolean => /[\p{L}\p{N}]/u.test(String.fromCharCode(code))

function asciiTable(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0))
}

function hasDot(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (text.charCodeAt(i) === 46) return true
  return false
}

// A run of the characters of an address; each stands in one run, and isIP looks at short ones only.
const addressRun = /(?<![\w.:])[\da-fA-F:.]{2,}(?!\w)/g

/** IPv4 and IPv6 addresses, with or without a port. */
export function screenAddresses(text: string): string {
  return text.replace(addressRun, (run: string) => {
    if (run.length > maxRun || !(run.includes('.') || run.includes(':'))) return run
    const address = run.replace(/[.:]$/, '')
    if (address.length > 45) return run
    const [host, port] = address.split(/:(?=\d+$)/)
    if (isIP(address) !== 0) return censor + run.slice(address.length)
    if (isIP(host ?? '') === 4) return `${censor}:${port}${run.slice(address.length)}`
    return run
  })
}
