import { types } from 'node:util'
import { screenAndCut } from './cut.js'
import { limits, moreItems, moreKeys } from './limits.js'
import { listName, pairName } from './pair.js'
import { policy, type Policy } from './policy.js'
import { isSecret } from './secret.js'

/**
 * A redacted deep copy of `value` by the process's policy, as it would be written to the log; `value` is untouched.
 * Arrays, Maps, Sets and Dates keep their kind; errors, class instances and bytes become plain data; what is too deep,
 * too wide or too long is cut with a visible mark. Never throws. Costs a walk over the value, within `limits`.
 *
 * @example
 * const safe = redact({ user: 'u_18', password: 'hunter2' }) // { user: 'u_18', password: '[REDACTED]' }
 */
export function redact<T>(value: T): T {
  const copy = new Copy(policy.current)
  return copy.any(value, undefined) as T
}

type Entries = Iterable<readonly [unknown, unknown]>

/** One call's walk: the containers it is inside of, and how many values it may still visit. */
class Copy {
  readonly #policy: Policy
  // A list beats a set at this depth.
  readonly #path: object[] = []
  #left: number = limits.maxNodes

  constructor(current: Policy) {
    this.#policy = current
  }

  any(value: unknown, key: string | undefined): unknown {
    if (typeof value === 'string') return screenAndCut(this.#policy, value, key)
    if (typeof value === 'number' || typeof value === 'bigint') {
      return this.#policy.number(value, key) ? this.#policy.censor : value
    }
    if (typeof value === 'symbol') return screenAndCut(this.#policy, String(value))
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return value
    if (this.#path.includes(value)) return '[Circular]'
    if (--this.#left < 0) return '…'
    const depth = this.#path.push(value)
    try {
      return this.#object(value, key, depth > limits.maxDepth)
    } catch (error) {
      return this.#thrown(error)
    } finally {
      this.#path.length = depth - 1
    }
  }

  #object(value: object, key: string | undefined, tooDeep: boolean): unknown {
    if (typeof value === 'function') return screenAndCut(this.#policy, `[Function: ${String(value.name)}]`)
    if (isSecret(value)) return this.#policy.censor
    if (types.isDate(value)) return new Date(Date.prototype.getTime.call(value))
    if (types.isAnyArrayBuffer(value)) return `[ArrayBuffer ${value.byteLength} bytes]`
    if (ArrayBuffer.isView(value)) return bytes(value)
    // As an object, new String('…') is its characters, one a key.
    if (types.isBoxedPrimitive(value)) return this.any(value.valueOf(), key)
    if (types.isRegExp(value) || value instanceof URL || value instanceof URLSearchParams) {
      return screenAndCut(this.#policy, String(value), key)
    }
    if (tooDeep) return Array.isArray(value) ? '…(array)' : '…(object)'
    if (Array.isArray(value)) return this.#array(value)
    if (types.isMap(value)) return this.#map(value)
    if (types.isSet(value)) return this.#set(value)
    if (types.isNativeError(value) || value instanceof Error) return this.#error(value)
    if (typeof Headers === 'function' && value instanceof Headers) {
      return Object.fromEntries(this.#map(value.entries(), value))
    }
    return this.#plain(value)
  }

  #array(list: readonly unknown[]): unknown[] {
    const out: unknown[] = []
    const length = Math.min(list.length, limits.maxItems)
    for (let i = 0; i < length; i++) out.push(this.#read(list, i, listName(list, i)))
    if (list.length > length) out.push(moreItems(list.length - length))
    return out
  }

  #map(entries: Entries, map: object = entries): Map<unknown, unknown> {
    const out = new Map<unknown, unknown>()
    let count = 0
    for (const [name, value] of entries) {
      if (count++ === limits.maxKeys) {
        out.set(...moreKeys(sizeOf(map) - limits.maxKeys))
        break
      }
      const copied = this.#under(typeof name === 'string' ? name : undefined, value)
      let shown = this.any(name, undefined)
      while (typeof shown === 'string' && out.has(shown)) shown += '_'
      out.set(shown, copied)
    }
    return out
  }

  #set(set: ReadonlySet<unknown>): Set<unknown> {
    const out = new Set<unknown>()
    let count = 0
    for (const item of set) {
      if (count++ === limits.maxItems) {
        out.add(moreItems(set.size - limits.maxItems))
        break
      }
      out.add(this.any(item, undefined))
    }
    return out
  }

  /** Own fields of an error may hold requests, statements and rows: only its code is kept. */
  #error(error: Error): Record<string, unknown> {
    const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown }
    return {
      type: screenAndCut(this.#policy, String(error.constructor?.name || error.name)),
      message: screenAndCut(this.#policy, String(error.message)),
      ...(typeof code === 'string' || typeof code === 'number' ? { code: this.any(code, 'code') } : {}),
      ...(error.stack === undefined ? {} : { stack: screenAndCut(this.#policy, String(error.stack)) }),
      ...(cause === undefined ? {} : { cause: this.any(cause, 'cause') }),
      ...(Array.isArray(errors) ? { errors: this.any(errors, 'errors') } : {}),
    }
  }

  #plain(value: object): Record<string, unknown> {
    const out: Record<string, unknown> = {}
    const names = Object.keys(value)
    const pair = pairName(value)
    for (const name of names.slice(0, limits.maxKeys)) {
      set(
        out,
        this.#policy.text(name),
        this.#read(value, name, /^[Vv]alue$/.test(name) ? (pair ?? name) : name),
      )
    }
    if (names.length > limits.maxKeys) set(out, ...moreKeys(names.length - limits.maxKeys))
    return out
  }

  /** One property, whose getter may throw, under `key`. */
  #read(from: object, name: string | number, key: string | undefined): unknown {
    let value: unknown
    try {
      value = (from as Record<string | number, unknown>)[name]
    } catch (error) {
      return this.#thrown(error)
    }
    return this.#under(key, value)
  }

  #under(key: string | undefined, value: unknown): unknown {
    return key !== undefined && this.#policy.key(key, value) ? this.#policy.censor : this.any(value, key)
  }

  #thrown(error: unknown): string {
    let message = 'unknown'
    try {
      message = String(error instanceof Error ? error.message : error)
    } catch {
      // What was thrown throws when read.
    }
    return `[Throws: ${screenAndCut(this.#policy, message)}]`
  }
}

function bytes(value: ArrayBufferView): string {
  const name = Buffer.isBuffer(value)
    ? 'Buffer'
    : (value as { [Symbol.toStringTag]?: string })[Symbol.toStringTag]
  return `[${name ?? 'Bytes'} ${value.byteLength} bytes]`
}

function sizeOf(map: object): number {
  return types.isMap(map) ? map.size : [...(map as Headers).keys()].length
}

/** Two keys may become one by redaction: both values are kept. `__proto__` is a key as any other. */
function set(out: Record<string, unknown>, key: string, value: unknown): void {
  let name = key
  while (Object.hasOwn(out, name)) name += '_'
  Object.defineProperty(out, name, { value, writable: true, enumerable: true, configurable: true })
}
