// eslint-disable-next-line no-control-regex
const special = /[^\u0020-\u0021\u0023-\u005b\u005d-\u007e]/

/**
 * JSON text of a string, always well-formed UTF-8 (lone surrogates become escapes). Cost: a scan of what needs no
 * escape, which is nearly everything; else `JSON.stringify`.
 */
export function quote(text: string): string {
  // A loop beats the regular expression below some twenty characters.
  if (text.length < 24) {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code < 0x20 || code === 0x22 || code === 0x5c || code > 0x7e) return JSON.stringify(text)
    }
    return `"${text}"`
  }
  return special.test(text) ? JSON.stringify(text) : `"${text}"`
}
