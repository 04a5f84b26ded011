import { isIP } from 'node:net'
import { censor } from './censor.js'

const maxLocal = 64
const maxDomain = 255

/** E-mail addresses: around each `@` a bounded look to both sides. */
export function screenEmails(text: string): string {
  let out = ''
  let kept = 0
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at
    while (start > kept && at - start < maxLocal && localChar.test(text.charAt(start - 1))) start--
    let end = at + 1
    while (end < text.length && end - at <= maxDomain && domainChar.test(text.charAt(end))) end++
    while (end > at && !wordChar.test(text.charAt(end - 1))) end--
    if (start === at || !text.slice(at + 1, end).includes('.')) continue
    out += text.slice(kept, start) + censor
    kept = end
    at = end - 1
  }
  return kept === 0 ? text : out + text.slice(kept)
}

const localChar = /[\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]/u
const domainChar = /[\p{L}\p{N}.-]/u
const wordChar = /[\p{L}\p{N}]/u

// A run of the characters of an address; each stands in one run, and isIP looks at short ones only.
const addressRun = /(?<![\w.:])[\da-fA-F:.]{2,}(?!\w)/g

/** IPv4 and IPv6 addresses, with or without a port. */
export function screenAddresses(text: string): string {
  return text.replace(addressRun, (run: string) => {
    const address = run.replace(/[.:]$/, '')
    if (address.length > 45) return run
    const [host, port] = address.split(/:(?=\d+$)/)
    if (isIP(address) !== 0) return censor + run.slice(address.length)
    if (isIP(host ?? '') === 4) return `${censor}:${port}${run.slice(address.length)}`
    return run
  })
}
