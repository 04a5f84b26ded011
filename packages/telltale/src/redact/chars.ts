/** Character classes of free text, by UTF-16 unit; NaN, beyond the text's edge, is in none. */

const keyTable = new Uint8Array(128)
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.$[]%@+~*') {
  keyTable[char.charCodeAt(0)] = 1
}

/** What a bare key is made of; letters beyond ASCII count, typographic marks and spaces don't. */
export function isKeyChar(code: number): boolean {
  return code < 128 ? keyTable[code] === 1 : code >= 0xc0 && !(code >= 0x2000 && code <= 0x303f)
}

export const isQuote = (code: number): boolean => code === 34 || code === 39 || code === 96

export const isBlank = (code: number): boolean => code === 32 || code === 9

export function isSpace(code: number): boolean {
  return code <= 32 || code === 0xa0 || code === 0x2028 || code === 0x2029
}

export function isAlphanumeric(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code >= 0xc0
  )
}

const wordEnds = new Uint8Array(128)
for (const char of ' \t\r\n"\'`<>') wordEnds[char.charCodeAt(0)] = 1

/** What no URL goes over. */
export const endsUrl = (code: number): boolean => code < 128 && wordEnds[code] === 1
