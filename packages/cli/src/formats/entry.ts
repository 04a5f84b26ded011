/** A parsed JSON object: nothing in it can be relied on. */
export type Entry = Record<string, unknown>

export function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const maxDepth = 4

/** What is nested below these keys as dotted keys, `{ log: { level } }` as `log.level`; all else stays as it is. */
export function flatten(entry: Entry, roots: readonly string[]): Entry {
  const pairs: [string, unknown][] = []
  const add = (value: Entry, prefix: string, depth: number) => {
    for (const [key, inner] of Object.entries(value)) {
      const isFlat = depth > 0 ? depth < maxDepth : roots.includes(key)
      if (isFlat && isEntry(inner) && Object.keys(inner).length > 0) add(inner, `${prefix}${key}.`, depth + 1)
      else pairs.push([prefix + key, inner])
    }
  }
  add(entry, '', 0)
  return Object.fromEntries(pairs)
}

/** Takes an entry apart: what was taken is no longer among the rest. */
export interface Picker {
  /** The first of these keys that holds anything but null and the empty string. */
  value(...keys: readonly string[]): unknown
  /** The first of these keys that holds a text or a number, as text. */
  text(...keys: readonly string[]): string | undefined
  number(...keys: readonly string[]): number | undefined
  /** Leaves keys out of the rest: they say nothing to a reader. */
  drop(...keys: readonly string[]): void
  rest(): [string, unknown][]
}

export function createPicker(entry: Entry): Picker {
  const taken = new Set<string>()
  const first = <T>(keys: readonly string[], read: (value: unknown) => T | undefined): T | undefined => {
    for (const key of keys) {
      if (taken.has(key) || !Object.hasOwn(entry, key)) continue
      const found = read(entry[key])
      if (found === undefined) continue
      taken.add(key)
      return found
    }
    return undefined
  }
  return {
    value: (...keys) => first(keys, (value) => (value === null || value === '' ? undefined : value)),
    text: (...keys) => first(keys, asText),
    number: (...keys) => first(keys, asNumber),
    drop: (...keys) => keys.forEach((key) => taken.add(key)),
    rest: () => Object.entries(entry).filter(([key]) => !taken.has(key)),
  }
}

export function asText(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value
  return typeof value === 'number' ? String(value) : undefined
}

export function asNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** A place in the code as our lines write it: `file`, `line`, `function`. */
export function placeOf(value: unknown, functionKey: string): [string, unknown][] {
  if (!isEntry(value)) return []
  const fields: [string, unknown][] = [
    ['file', asText(value.file)],
    ['line', asNumber(value.line)],
    ['function', asText(value[functionKey])],
  ]
  return fields[0]?.[1] === undefined ? [] : fields.filter(([, one]) => one !== undefined)
}
