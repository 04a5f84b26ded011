import { dim, type Paint } from './colours.js'
import { escapeText } from './escape.js'
import { renderLine, span } from './layout.js'
import { cells } from './width.js'

const bar = span('│ ', dim)
const noCells = /[\p{M}\u200c\u200d]/gu
// Two numbers like a time of day, the place of one, or what begins as far to the right as the rest of an entry does.
const imitation = /^(?:\p{Nd}{2}[^\p{L}\p{Nd}]\p{Nd}{2}|--:|\s{12}| *[^\S ])/u

/**
 * A line that somebody printed beside the log, or that was cut: as it is, but escaped. Behind a bar where it begins like an
 * entry, and where it is wider than the terminal, which would begin its second row at the left edge.
 */
export function drawRaw(text: string, columns: number, paint: Paint): string {
  const line = escapeText(text.replace(/\r?\n$/, ''))
  const imitates = imitation.test(line.slice(0, 256).replace(noCells, ''))
  return imitates || cells(line) > columns
    ? renderLine({ first: bar, rest: bar, spans: [span(line)] }, columns, paint)
    : line
}
