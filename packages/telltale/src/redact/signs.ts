/** What a text may hold: each sign stands for the rules that look for its secrets. */
export const signs = {
  /** `=` or `:`, behind which a value may stand. */
  separator: 1,
  at: 2,
  percent: 4,
  /** A long word that is no UUID, trace id or digest. */
  token: 8,
  /** 13 and more digits in groups. */
  digits: 16,
  /** The beginning of "bearer" or "basic". */
  scheme: 32,
  /** Two dashes, as a PEM block begins. */
  dashes: 64,
} as const

// The shortest text with a secret in it: `pwd=x` is five characters.
const minText = 5

// Few first characters: the engine skips to them at half a nanosecond a character. Digits have a search of their own,
// since most texts that have any have many.
const anySign = /[=:@%]|--|[bB](?:[eE][aA][rR]|[aA][sS][iI])/
const scheme = /[bB](?:[eE][aA][rR]|[aA][sS][iI])/
const identifier = /^[\da-f-]+$/

/** The signs in `text`, or 0: the screen before every rule. */
export function findSigns(text: string): number {
  if (text.length < minText) return 0
  let found = hasDigits(text) ? signs.digits : 0
  // A UUID, a digest, a count: one look.
  if (kindAt(text, 0) === hexadecimal && identifier.test(text))
    return found | (text.includes('--') ? signs.dashes : 0)
  if (hasToken(text)) found |= signs.token
  if (!anySign.test(text)) return found
  if (text.includes('=') || text.includes(':')) found |= signs.separator
  if (text.includes('@')) found |= signs.at
  if (text.includes('%')) found |= signs.percent
  if (text.includes('--')) found |= signs.dashes
  if (scheme.test(text)) found |= signs.scheme
  return found
}

const minToken = 16
const hexadecimal = 1
const letter = 2

// Lower-case digests and UUIDs are as common in logs as they are harmless: their characters alone make no token.
const kinds = new Uint8Array(128)
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code)
  if (/[\da-f-]/.test(char)) kinds[code] = hexadecimal
  else if (/[\w]/.test(char)) kinds[code] = letter
}

/**
 * Whether 16 characters of a token stand together. It looks at every sixteenth character and back from there to the
 * nearest gap, so of prose it reads a part only; it reads no character twice.
 */
function hasToken(text: string): boolean {
  for (let end = minToken - 1; end < text.length;) {
    let seen = 0
    let i = end
    for (; i > end - minToken; i--) {
      const kind = kindAt(text, i)
      if (kind === 0) break
      seen |= kind
    }
    if (i === end - minToken) {
      for (i = end + 1; i < text.length && (seen & letter) === 0; i++) {
        const kind = kindAt(text, i)
        if (kind === 0) break
        seen |= kind
      }
      if ((seen & letter) !== 0) return true
    }
    end = i + minToken
  }
  return false
}

const minDigits = 13

/** Whether 13 characters of a digit group (digits, spaces, dashes) stand together, by the same steps. */
function hasDigits(text: string): boolean {
  for (let end = minDigits - 1; end < text.length;) {
    let i = end
    while (i > end - minDigits && isGroup(text.charCodeAt(i))) i--
    if (i === end - minDigits) return true
    end = i + minDigits
  }
  return false
}

const isGroup = (code: number): boolean => (code >= 48 && code <= 57) || code === 32 || code === 45

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < 128 ? (kinds[code] ?? 0) : 0
}
