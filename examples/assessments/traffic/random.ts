/** A seeded source of choices: the same seed makes the same choices, in the same order, on every machine. */
export interface Random {
  /** A float in [0, 1). */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly [T, ...T[]]): T
  /** `length` characters of `alphabet`, lower-case hex unless told. */
  text(length: number, alphabet?: string): string
  /** A source of its own, so that what one client draws never shifts what the next one gets. */
  fork(name: string): Random
}

const HEX = '0123456789abcdef'

/** Splitmix32 over an FNV-1a hash of the seed: small, fast, even enough for traffic; never for secrets. */
export function createRandom(seed: number | string): Random {
  const name = String(seed)
  let state = hash(name)
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (items) => items[int(0, items.length - 1)] ?? items[0],
    text: (length, alphabet = HEX) =>
      Array.from({ length }, () => alphabet[int(0, alphabet.length - 1)]).join(''),
    fork: (child) => createRandom(`${name}/${child}`),
  }
}

function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value | 0
}
