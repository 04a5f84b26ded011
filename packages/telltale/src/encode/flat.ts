/**
 * The same text in one piece. V8 keeps a text put together as a tree of its parts and copies it together when it is
 * written: parts that stand in many lines would be copied together for each. Asking for a character does it once.
 */
export function flat(text: string): string {
  return Number.isNaN(text.charCodeAt(0)) ? '' : text
}
