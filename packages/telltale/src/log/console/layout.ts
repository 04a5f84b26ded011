import { plain, type Paint, type Style } from './colours.js'
import { escapeText } from './escape.js'
import { cells, splitAt } from './width.js'

/** A piece of text in one style. Made by `span` alone, which escapes: nothing else reaches the terminal. */
export interface Span {
  readonly text: string
  readonly style: Style
}

/** What stays together on a line while it fits; `gap` spaces stand before it, or it begins a row of its own. */
export interface Segment {
  readonly spans: readonly Span[]
  readonly gap: number
  readonly ownRow?: boolean
}

/** A line of its own, wrapped under `rest` where it is longer than the terminal is wide. */
export interface Line {
  readonly first: Span
  readonly rest: Span
  readonly spans: readonly Span[]
}

/** Continuation lines begin under the level: what begins at the left edge is an entry. */
export const indent = 14
const maxPiece = 1024

export function span(text: string, style: Style = plain): Span {
  return { text: escapeText(text), style }
}

export function segment(gap: number, ...spans: Span[]): Segment {
  return { spans, gap }
}

export function sizeOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { text }) => sum + cells(text), 0)
}

/** The segments after `head`, flowing on to continuation lines that begin at column `hang`. */
export function layOut(
  head: readonly Span[],
  segments: readonly Segment[],
  width: number,
  hang: number,
  paint: Paint,
): string {
  let text = paintAll(head, paint)
  let column = sizeOf(head)
  for (const { spans, gap, ownRow } of segments) {
    const size = sizeOf(spans)
    if (ownRow !== true && column + gap + size <= width) {
      text += ' '.repeat(gap) + paintAll(spans, paint)
      column += gap + size
      continue
    }
    const [first = [], ...more] = wrap(spans, width - hang)
    const stays = ownRow !== true && column + gap <= hang
    text += (stays ? ' '.repeat(hang - column) : newLine(hang)) + paintAll(first, paint)
    for (const line of more) text += newLine(hang) + paintAll(line, paint)
    column = hang + sizeOf(more.at(-1) ?? first)
  }
  return text
}

export function renderLine({ first, rest, spans }: Line, width: number, paint: Paint): string {
  const roomBeside = (margin: Span) => Math.max(16, width - cells(margin.text))
  return wrap(spans, roomBeside(rest), roomBeside(first))
    .map((line, index) => paintAll([index === 0 ? first : rest, ...line], paint))
    .join('\n')
}

/** Breaks before a span that fits a line of its own, else at a space in the second half of the line, else anywhere. */
export function wrap(spans: readonly Span[], room: number, firstRoom = room): Span[][] {
  let line: Span[] = []
  const lines = [line]
  let left = firstRoom
  const next = () => {
    while (line.length > 1 && line.at(-1)?.text.trimEnd() === '') line.pop()
    line = []
    lines.push(line)
    left = room
  }
  for (const { text, style } of spans.flatMap(pieces)) {
    let rest = text
    for (let size = cells(rest); size > left; size = cells(rest)) {
      if (size <= room && line.at(-1)?.text.endsWith(' ')) {
        next()
        break
      }
      let [chunk, after] = splitAt(rest, left)
      const space = rest[chunk.length] === ' ' ? chunk.length : chunk.lastIndexOf(' ')
      if (space > 0 && space >= chunk.length / 2) {
        chunk = rest.slice(0, space)
        after = rest.slice(space + 1)
      }
      if (chunk !== '') line.push({ text: chunk, style })
      rest = after
      next()
    }
    if (rest === '') continue
    line.push({ text: rest, style })
    left -= cells(rest)
  }
  return lines
}

/** What is left of a text is measured for each row of it: in pieces, that stays linear. */
function pieces(all: Span): readonly Span[] {
  const { text, style } = all
  if (text.length <= maxPiece) return [all]
  const found: Span[] = []
  for (let start = 0; start < text.length;) {
    const after = start + maxPiece
    // Never between the halves of a surrogate pair.
    const end = (text.codePointAt(after - 1) ?? 0) > 0xffff ? after - 1 : after
    found.push({ text: text.slice(start, end), style })
    start = end
  }
  return found
}

function newLine(hang: number): string {
  return `\n${' '.repeat(hang)}`
}

function paintAll(spans: readonly Span[], paint: Paint): string {
  return spans.map(({ text, style }) => paint(text, style)).join('')
}
