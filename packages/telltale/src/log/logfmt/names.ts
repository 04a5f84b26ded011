/** A name that any reader takes as it is. */
export const plainName = /^[A-Za-z_]\w*$/
// What would end a key or break its line: white space, quotes, `=`, controls, format characters, what is no character.
const invalid = /[\s"'=\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffd]/gu
const noLabel = /\W/gu

/** Makes the keys of one line valid, and tells each from the others: `a b` is `a_b`, or `a_b_2` where there is one. */
export type Names = (key: string) => string

/**
 * Loki turns whatever is no ASCII letter, digit or `_` into `_` and lets the later of two equal labels win: two names are
 * equal here when they are for it. A name that `isOwn` to the line and needs no change keeps it wherever it stands.
 */
export function createNames(isOwn: (name: string) => boolean): Names {
  let taken: Set<string> | undefined
  let counts: Map<string, number> | undefined
  return (key) => {
    if (plainName.test(key) && isOwn(key)) return key
    taken ??= new Set()
    counts ??= new Map()
    const name = key === '' ? '_' : key.replace(invalid, '_')
    const label = labelOf(name)
    let count = counts.get(label) ?? 1
    const numbered = (text: string) => (count === 1 ? text : `${text}_${count}`)
    while (isOwn(numbered(label)) || taken.has(numbered(label))) count++
    counts.set(label, count)
    taken.add(numbered(label))
    return numbered(name)
  }
}

function labelOf(name: string): string {
  const label = name.replace(noLabel, '_')
  return /^\d/.test(label) ? `_${label}` : label
}
