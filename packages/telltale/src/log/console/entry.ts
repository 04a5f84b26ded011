/** A parsed log line: nothing in it can be relied on. */
export type Entry = Record<string, unknown>

export function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object a JSON line holds. */
export function parseEntry(line: string): Entry | undefined {
  if (!/^\s*\{/.test(line)) return undefined
  try {
    const value: unknown = JSON.parse(line)
    return isEntry(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function textOf(entry: Entry, key: string): string | undefined {
  const value = entry[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function numberOf(entry: Entry, key: string): number | undefined {
  const value = entry[key]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
