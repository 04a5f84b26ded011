/** A longer string in a key's place is a sentence. */
const maxName = 256

/**
 * The name beside a value in `{ name, value }` and `{ key, value }`, as headers, cookies and form fields are often
 * given, capitalised or not; undefined for any other object. A getter's error comes through.
 */
export function pairName(pair: object): string | undefined {
  if (!('value' in pair) && !('Value' in pair)) return undefined
  const { name, key, Name, Key } = pair as Record<string, unknown>
  const given = [name, key, Name, Key].find((each) => typeof each === 'string') as string | undefined
  return given !== undefined && given.length <= maxName ? given : undefined
}

/** The name before item `index` of a `[name, value]` pair or a flat list `[name, value, name, value]` as `rawHeaders`. */
export function listName(list: readonly unknown[], index: number): string | undefined {
  if (index % 2 === 0 || list.length % 2 === 1) return undefined
  const name = list[index - 1]
  return typeof name === 'string' && name.length <= maxName ? name : undefined
}
