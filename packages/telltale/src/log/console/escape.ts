// Controls, format characters (bidi overrides, isolates and marks, zero width, tags), line and paragraph separators and
// lone surrogates. ZWNJ, ZWJ and marks stay, scripts and emoji need them and they move nothing: eight in a row, since a
// thousand would be drawn over the rows around.
const unsafe =
  /[\p{M}\u200c\u200d](?<=[\p{M}\u200c\u200d]{9})|(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu
const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Text from outside, made unable to control a terminal or to begin a line: `\n`, `\x1b`, `\u202e` are shown, not sent. */
export function escapeText(text: string): string {
  return text.replace(unsafe, escapeOne)
}

function escapeOne(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x100) return named[character] ?? `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`
}
