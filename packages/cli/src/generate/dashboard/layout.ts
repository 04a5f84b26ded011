/** A place on Grafana's grid of 24 columns. */
export interface Spot {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

const columns = 24
const statsALine = 6
const graphsALine = 3
const statHeight = 4
const graphHeight = 8

export const rowHeight = 1

/** Puts things into lines that each fill the width, as evenly as can be. Gives their places and where the next line begins. */
export function layOut(
  count: number,
  kind: 'stat' | 'timeseries',
  top: number,
): { spots: Spot[]; end: number } {
  const h = kind === 'stat' ? statHeight : graphHeight
  const lines = Math.ceil(count / (kind === 'stat' ? statsALine : graphsALine))
  const spots: Spot[] = []
  for (let line = 0; line < lines; line++) {
    const inLine = share(count, lines, line)
    for (let at = 0, x = 0; at < inLine; at++) {
      const w = share(columns, inLine, at)
      spots.push({ x, y: top + line * h, w, h })
      x += w
    }
  }
  return { spots, end: top + lines * h }
}

/** The part of a whole number that one of so many gets; the first get what does not divide. */
function share(whole: number, among: number, index: number): number {
  return Math.floor(whole / among) + (index < whole % among ? 1 : 0)
}
