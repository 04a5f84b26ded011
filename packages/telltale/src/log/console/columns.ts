import { cells } from './width.js'

const step = 4

/**
 * The width of one column: it grows in steps of four with the longest text seen, up to a bound given each time, and never
 * shrinks, so that a log settles after its first lines and doesn't move again.
 */
export function createColumn(initial: number): (text: string, bound: number) => number {
  let size = initial
  return (text, bound) => {
    const wanted = Math.min(Math.ceil(cells(text) / step) * step, bound)
    if (wanted > size) size = wanted
    return Math.min(size, bound)
  }
}
