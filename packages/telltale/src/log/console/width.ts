const printableAscii = /^[ -~]*$/
// Terminals disagree about spacing marks and about U+FE0F, which makes some characters wide: counted as one cell, so that a
// row is never wider than reckoned.
const zeroWidth = /^(?!\ufe0f)[\p{Mn}\p{Me}\u200c\u200d]$/u
const emoji = /^\p{Emoji_Presentation}$/u
// East Asian Wide and Fullwidth blocks (Unicode Standard Annex 11), coarse: a block counts where most of it is wide.
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18d8f],
  [0x1aff0, 0x1b2ff],
  [0x1d300, 0x1d376],
  [0x1f200, 0x1f265],
  [0x1f300, 0x1f64f],
  [0x1f900, 0x1faff],
  [0x20000, 0x3fffd],
]

/** The number of terminal cells `text` takes; it must be escaped already. */
export function cells(text: string): number {
  if (printableAscii.test(text)) return text.length
  let sum = 0
  for (const character of text) sum += cellsOf(character)
  return sum
}

/** `text` in two: what fits `room` cells, and the rest. */
export function splitAt(text: string, room: number): [string, string] {
  if (printableAscii.test(text)) return [text.slice(0, room), text.slice(room)]
  let used = 0
  let index = 0
  for (const character of text) {
    used += cellsOf(character)
    if (used > room) break
    index += character.length
  }
  return [text.slice(0, index), text.slice(index)]
}

/** `text` within `room` cells, its end replaced by `…` where it is longer. */
export function cut(text: string, room: number): string {
  return cells(text) <= room ? text : `${splitAt(text, room - 1)[0]}…`
}

/** `text` within `room` cells, its beginning replaced by `…` where it is longer. */
export function tail(text: string, room: number): string {
  const over = cells(text) - Math.max(room, 1)
  if (over <= 0) return text
  const kept = splitAt(text, over + 1)[1]
  // A wide character across the border leaves whole.
  return `…${cells(kept) < room ? kept : splitAt(text, over + 2)[1]}`
}

/** `text` padded with spaces to `size` cells, or as it is where it is wider. */
export function pad(text: string, size: number): string {
  return text + ' '.repeat(Math.max(0, size - cells(text)))
}

function cellsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x300) return 1
  if (zeroWidth.test(character)) return 0
  if (code < 0x1100) return 1
  return wide.some(([from, to]) => code >= from && code <= to) || emoji.test(character) ? 2 : 1
}
