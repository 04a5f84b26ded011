/** A number from the environment; throws, naming the variable, when it is set to something else. */
export function numberFrom(name: string, otherwise: number, { min = 0, max = Infinity } = {}): number {
  const text = process.env[name]
  if (text === undefined || text === '') return otherwise
  const value = Number(text)
  if (value >= min && value <= max) return value
  throw new Error(`${name} must be a number from ${min} to ${max}, got "${text}".`)
}

/** A text from the environment; throws, saying what it is for, when it is not set. */
export function textFrom(name: string, purpose: string): string {
  const text = process.env[name]
  if (text) return text
  throw new Error(`${name} is not set: ${purpose}.`)
}
