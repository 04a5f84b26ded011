/** A value as a person would write it in a definition. */
export function shown(value: unknown): string {
  if (typeof value === 'function') return value.name === '' ? 'a function' : value.name
  if (typeof value === 'number' || value === undefined) return String(value)
  if (Array.isArray(value)) return `[${value.slice(0, 300).map(shown).join(', ')}]`
  if (typeof value === 'string')
    return JSON.stringify(value.length > 2000 ? `${value.slice(0, 2000)}…` : value)
  return value === null ? 'null' : `a value of type ${typeof value}`
}
