import { lineBreak } from '../lines.js'

export interface Place {
  readonly line: number
  readonly column: number
}

const mark = Buffer.from('\uFEFF')

/**
 * Where ESLint has what begins at these bytes of a file: it counts UTF-16 units, without the byte order mark. One pass,
 * since a bundle is one long line with thousands of findings.
 */
export function placesIn(bytes: Buffer, offsets: Iterable<number>): Map<number, Place> {
  const places = new Map<number, Place>()
  let at = bytes.subarray(0, mark.length).equals(mark) ? mark.length : 0
  let [line, column] = [1, 1]
  for (const offset of [...offsets].toSorted((a, b) => a - b)) {
    const pieces = bytes.subarray(at, offset).toString().split(lineBreak)
    line += pieces.length - 1
    column = (pieces.length > 1 ? 1 : column) + (pieces.at(-1)?.length ?? 0)
    places.set(offset, { line, column })
    at = Math.max(at, offset)
  }
  return places
}
