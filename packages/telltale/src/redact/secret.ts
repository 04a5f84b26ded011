import { censor } from './censor.js'

const brand = Symbol.for('telltale.secret')

class SecretValue<T> {
  readonly #value: T
  /** What a spread or a structured clone shows. */
  readonly secret = censor

  constructor(value: T) {
    this.#value = value
    Object.freeze(this)
  }

  /** The wrapped value: the one way to it. */
  reveal(): T {
    return this.#value
  }

  toString(): string {
    return censor
  }

  toLocaleString(): string {
    return censor
  }

  valueOf(): string {
    return censor
  }

  toJSON(): string {
    return censor
  }

  [Symbol.toPrimitive](): string {
    return censor
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return censor
  }
}

Object.defineProperty(SecretValue.prototype, brand, { value: true })

/** A value that is never written: every way to print it shows `[REDACTED]`. */
export type Secret<T> = Pick<SecretValue<T>, 'reveal' | 'toString' | 'toJSON'>

/**
 * Wraps what must never be written, wherever it goes: `String()`, templates, `JSON.stringify`, `console.log`, spread,
 * logs and redact() show `[REDACTED]`. Throws nothing; costs one object.
 *
 * @example
 * const apiKey = secret(process.env.API_KEY)
 * await fetch(url, { headers: { authorization: `Bearer ${apiKey.reveal()}` } })
 */
export function secret<T>(value: T): Secret<T> {
  return new SecretValue(value)
}

/** Whether `value` came from secret(), of this copy of the package or another. Never throws. */
export function isSecret(value: unknown): value is Secret<unknown> {
  if (value === null || typeof value !== 'object') return false
  try {
    return (value as Record<symbol, unknown>)[brand] === true
  } catch {
    return false // a revoked proxy or a throwing trap
  }
}
