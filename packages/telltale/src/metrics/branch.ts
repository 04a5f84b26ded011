const mostInTable = 64
const shifts = [1, 2, 0, 3]

/**
 * What texts lead to. Up to 64 in a table with open addressing, whose hash is the length and one character: asking for the
 * hash of a text that was built at run time costs a Map more than all else here. More go into a Map.
 */
export class Branch<T> {
  /** Each text, and behind it what it leads to. At most half full. */
  #table: unknown[] = empty(4)
  /** Which character tells the texts apart: the last, or the one in the middle, or at a quarter. */
  #shift = shifts[0]!
  #map: Map<string, T> | undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  get(text: string): T | undefined {
    const table = this.#table
    const mask = table.length - 2
    for (let i = hash(text, this.#shift) & mask; ; i = (i + 2) & mask) {
      const key = table[i]
      if (key === text) return table[i + 1] as T
      if (key === undefined) return this.#map?.get(text)
    }
  }

  /** Adds a text that is not there. */
  add(text: string, to: T): void {
    const key = interned(text)
    this.#size++
    if (this.#map !== undefined) this.#map.set(key, to)
    else if (this.#size <= mostInTable) this.#build([...this.#entries(), [key, to]])
    else {
      this.#map = new Map([...this.#entries(), [key, to]])
      this.#table = empty(1)
    }
  }

  delete(text: string): void {
    this.#size--
    if (this.#map !== undefined) this.#map.delete(text)
    else this.#build(this.#entries().filter(([key]) => key !== text))
  }

  #entries(): [string, T][] {
    const entries: [string, T][] = []
    const table = this.#table
    for (let i = 0; i < table.length; i += 2) {
      if (table[i] !== undefined) entries.push([table[i] as string, table[i + 1] as T])
    }
    return entries
  }

  /** The table of these, with the character for which they lie nearest to where they are looked for. */
  #build(entries: readonly (readonly [string, T])[]): void {
    let slots = 4
    while (slots < 2 * entries.length) slots *= 2
    let fewest = Infinity
    for (const shift of shifts) {
      const table = empty(slots)
      let steps = 0
      for (const [text, to] of entries) steps += place(table, text, to, shift)
      if (steps >= fewest) continue
      fewest = steps
      this.#table = table
      this.#shift = shift
    }
  }
}

/** The text as V8 keeps it for property names and literals: to compare it with those is to compare two addresses. */
function interned(text: string): string {
  return Object.keys({ [text]: undefined })[0]!
}

function empty(slots: number): unknown[] {
  return Array.from({ length: 2 * slots }, () => undefined)
}

function place(table: unknown[], text: string, to: unknown, shift: number): number {
  const mask = table.length - 2
  let steps = 0
  let i = hash(text, shift) & mask
  for (; table[i] !== undefined; i = (i + 2) & mask) steps++
  table[i] = text
  table[i + 1] = to
  return steps
}

function hash(text: string, shift: number): number {
  const { length } = text
  return length === 0 ? 0 : (length + 3 * text.charCodeAt((length - 1) >> shift)) << 1
}
