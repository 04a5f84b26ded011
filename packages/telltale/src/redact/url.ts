import { censor } from './censor.js'
import { endsUrl } from './chars.js'

/**
 * Credentials in URLs: `postgres://user:pass@host` is written `postgres://[REDACTED]@host`. The next `@` and the next
 * end of a word are remembered, so that many `://` in one word are not each followed to its end.
 */
export function screenUrls(text: string): string {
  let out = ''
  let kept = 0
  let at = -1
  let wordEnd = -1
  for (let start = text.indexOf('://'); start >= 0; start = text.indexOf('://', start)) {
    start += 3
    if (at < start) at = text.indexOf('@', start)
    if (at < 0) break
    if (wordEnd < start) wordEnd = endOfWord(text, start)
    if (at >= wordEnd) continue
    const end = endOfAuthority(text, start, wordEnd)
    const colon = text.indexOf(':', start)
    // A password may hold `/`, `?` and `#` as they are; a port is digits, and `[` begins an IPv6 host.
    const raw =
      at >= end &&
      text[start] !== '[' &&
      colon >= 0 &&
      colon < end &&
      !/^\d*$/.test(text.slice(colon + 1, Math.min(end, colon + 8)))
    const last = at < end ? text.lastIndexOf('@', end - 1) : raw ? lastAt(text, at, wordEnd) : -1
    if (last <= start) continue
    if (text.slice(start, last) !== censor) out += text.slice(kept, start) + censor
    else out += text.slice(kept, last)
    kept = start = last
  }
  return kept === 0 ? text : out + text.slice(kept)
}

/** The `@` behind which the host begins: the last one before the path that follows it. */
function lastAt(text: string, at: number, wordEnd: number): number {
  let last = at
  for (let i = at + 1; i < wordEnd; i++) {
    const char = text[i]
    if (char === '@') last = i
    else if (char === '/' || char === '?' || char === '#') break
  }
  return last
}

function endOfAuthority(text: string, start: number, limit: number): number {
  let end = start
  for (; end < limit; end++) {
    const code = text.charCodeAt(end)
    // / ? #
    if (code === 47 || code === 63 || code === 35) break
  }
  return end
}

function endOfWord(text: string, start: number): number {
  let end = start
  while (end < text.length && !endsUrl(text.charCodeAt(end))) end++
  return end
}
