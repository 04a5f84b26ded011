/**
 * The members of a header that is a list, without the optional white space around them and without empty ones (RFC 9110
 * section 5.6.1). Several headers of a name, which Node joins in order, are one list. Linear in the header's length.
 */
export function listMembers(header: string): string[] {
  return header
    .split(',')
    .map(trimmed)
    .filter((member) => member !== '')
}

/** Without spaces and tabs at both ends. `trim()` takes more away, and a pattern's time is quadratic in inner spaces. */
export function trimmed(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isWhite(text.charCodeAt(start))) start++
  while (start < end && isWhite(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isWhite(code: number): boolean {
  return code === 0x20 || code === 0x09
}
