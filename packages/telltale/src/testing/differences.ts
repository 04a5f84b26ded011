import { encodeValue, withBudget } from '../encode/value.js'
import { briefError, isError } from '../errors/record.js'

/** A place where a logged event is not what was expected. */
export interface Difference {
  /** `error.type`, `items.0`; empty for the whole event. */
  readonly path: string
  readonly expected: unknown
  readonly actual: unknown
}

const maxText = 1_048_576

export function matches(expected: object, actual: object): boolean {
  return differences(expected, actual).length === 0
}

/**
 * Where `actual`, a logged event, is not what `expected` says. Of objects only the keys named count, at any depth; arrays
 * have the same length. A regular expression matches a text, an error a logged error of its type and message,
 * `undefined` a field that is not there; asymmetric matchers (`expect.any(Number)`) decide themselves; anything else is
 * compared as it would be written.
 */
export function differences(expected: object, actual: object): Difference[] {
  const found: Difference[] = []
  compare(expected, actual, '', found)
  return found
}

function compareKeys(expected: object, actual: object, path: string, found: Difference[]): void {
  for (const [name, value] of Object.entries(expected)) {
    const own = Object.hasOwn(actual, name) ? (actual as Record<string, unknown>)[name] : undefined
    compare(value, own, path === '' ? name : `${path}.${name}`, found)
  }
}

function compare(expected: unknown, actual: unknown, path: string, found: Difference[]): void {
  const differs = (): number => found.push({ path, expected, actual })
  if (isAsymmetric(expected)) {
    if (!expected.asymmetricMatch(actual)) differs()
  } else if (expected instanceof RegExp || Object.prototype.toString.call(expected) === '[object RegExp]') {
    if (typeof actual !== 'string' || actual.search(expected as RegExp) === -1) differs()
  } else if (typeof expected !== 'object' || expected === null) {
    if (expected !== actual && !(isOdd(expected) && asWritten(expected) === actual)) differs()
  } else if (isError(expected)) {
    compare(briefError(expected), actual, path, found)
  } else if (Array.isArray(expected) || isPlain(expected)) {
    const sameKind =
      typeof actual === 'object' && actual !== null && Array.isArray(actual) === Array.isArray(expected)
    if (!sameKind || (Array.isArray(expected) && expected.length !== (actual as unknown[]).length)) differs()
    else compareKeys(expected, actual, path, found)
  } else {
    compare(asWritten(expected), actual, path, found)
  }
}

interface Asymmetric {
  asymmetricMatch(value: unknown): boolean
}

export function isAsymmetric(value: unknown): value is Asymmetric {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<Asymmetric>).asymmetricMatch === 'function'
  )
}

/** Also of another realm. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

// What JSON has no word for: bigints, NaN, functions and symbols.
function isOdd(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value)
  return typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol'
}

function asWritten(value: unknown): unknown {
  return JSON.parse(withBudget(maxText, () => encodeValue(value, 'value', 1)))
}
