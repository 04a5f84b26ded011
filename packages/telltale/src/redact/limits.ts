/** How far one value is followed, for redact() and for the encoder: whatever is beyond is cut with a visible mark. */
export const limits = {
  /** Containers inside containers. */
  maxDepth: 8,
  maxKeys: 128,
  maxItems: 128,
  /** Values visited in one call: eight levels of 128 references to one object would otherwise be 128^8. */
  maxNodes: 32_768,
  /** UTF-16 units of one string. */
  maxString: 16_384,
  /** A string is screened this far past its cut, so that no secret is halved by it. */
  screenPastCut: 8_192,
} as const

/** The key and value that stand for what was cut from an object or a Map. */
export const moreKeys = (count: number): [key: string, value: string] => ['…', `(+${count} keys)`]

/** The item that stands for what was cut from an array or a Set. */
export const moreItems = (count: number): string => `…(+${count} items)`
