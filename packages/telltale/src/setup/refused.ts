/** The error for an option that is not what it takes. */
export function refused(name: string, takes: string, got: unknown): TypeError {
  return new TypeError(`setup(): ${name} must be ${takes}, got ${describe(got)}.`)
}

/** Enough to recognise what was given; nothing that could be a secret's whole value. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return `an array of ${value.length === 0 ? 'nothing' : describe(value[0])}`
  if (typeof value === 'string')
    return value === '' ? 'an empty string' : `string ${JSON.stringify(value.slice(0, 40))}`
  if (typeof value === 'object')
    return `an object with ${Object.keys(value).slice(0, 5).join(', ') || 'nothing'}`
  return typeof value === 'function' ? 'a function' : `${typeof value} ${String(value)}`
}
