import { slot } from '../state/state.js'

/** How far one value is followed, for redact() and for the encoder: whatever is beyond is cut with a visible mark. */
export interface Limits {
  /** Containers inside containers. */
  maxDepth: number
  maxKeys: number
  maxItems: number
  /** UTF-16 units of one string. */
  maxString: number
  /** Characters of one log line, about. */
  maxLine: number
  /** Values visited in one call: eight levels of 128 references to one object would otherwise be 128^8. */
  readonly maxNodes: number
  /** A string is screened this far past its cut, so that no secret is halved by it. */
  readonly screenPastCut: number
}

const defaults: Limits = {
  maxDepth: 8,
  maxKeys: 128,
  maxItems: 128,
  maxString: 16_384,
  maxLine: 262_144,
  maxNodes: 32_768,
  screenPastCut: 8_192,
}

export const limits = slot<Limits>('limits', () => ({ ...defaults }))

/** The defaults, and what is given instead of them. */
export function setLimits(given: {
  readonly depth?: number
  readonly keys?: number
  readonly items?: number
  readonly string?: number
  readonly line?: number
}): void {
  limits.maxDepth = given.depth ?? defaults.maxDepth
  limits.maxKeys = given.keys ?? defaults.maxKeys
  limits.maxItems = given.items ?? defaults.maxItems
  limits.maxString = given.string ?? defaults.maxString
  limits.maxLine = given.line ?? defaults.maxLine
}

/** The key and value that stand for what was cut from an object or a Map. */
export const moreKeys = (count: number): [key: string, value: string] => ['…', `(+${count} keys)`]

/** The item that stands for what was cut from an array or a Set. */
export const moreItems = (count: number): string => `…(+${count} items)`
