import { EventEmitter } from 'node:events'
import { briefError, errorFingerprint, fullError, isError } from '../errors/record.js'
import { firstSight } from '../errors/seen.js'
import { screenAndCut } from '../redact/cut.js'
import { limits } from '../redact/limits.js'
import { listName, pairName } from '../redact/pair.js'
import { policy } from '../redact/policy.js'
import { isSecret } from '../redact/secret.js'
import { alteredKeyText, type KeyInfo, keyInfo } from './key.js'
import { quote } from './quote.js'

// Causes nest deeper than data does: errors/record has a limit of its own.
const errorDepth = -16

export const censored = '"[REDACTED]"'

// Objects being encoded, outermost first. A list beats a set at the depths that the limit allows.
const path: object[] = []

// What one line may still take, in characters and roughly: `limits` bound each part, this bounds their product.
let budget = 0

/** Starts a budget of `chars`; give what it returns to `closeBudget`, so that a getter that logs gets one of its own. */
export function openBudget(chars: number): number {
  const outer = budget
  budget = chars
  return outer
}

export function closeBudget(outer: number): void {
  budget = outer
}

/** Runs `encode` with a budget of `chars`. */
export function withBudget(chars: number, encode: () => string): string {
  const outer = openBudget(chars)
  try {
    return encode()
  } finally {
    closeBudget(outer)
  }
}

export function budgetLeft(): number {
  return budget
}

/** JSON text of any value, redacted and bounded; `name` is the key it stands under. Never throws. */
export function encodeValue(value: unknown, name: string, depth: number): string {
  switch (typeof value) {
    case 'string':
      return encodeText(value, name)
    case 'number':
      return encodeNumber(value, name)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      return value === null ? 'null' : encodeObject(value, depth)
    case 'bigint':
      return encodeBigInt(value, name)
    case 'undefined':
      return 'null'
    default:
      return encodeOdd(value)
  }
}

export function encodeText(text: string, name: string): string {
  const shown =
    text.length <= limits.maxString
      ? policy.current.text(text, name)
      : screenAndCut(policy.current, text, name)
  budget -= shown.length
  return quote(shown)
}

function encodeNumber(value: number, name: string): string {
  // Below 13 digits nothing is a card number.
  if (value < 1e12 && value > -1e12) return `${value}`
  if (!Number.isFinite(value)) return `"${value}"`
  return policy.current.number(value, name) ? censored : `${value}`
}

const largest = 2n ** 256n

// Writing out a number of a million digits takes seconds.
function encodeBigInt(value: bigint, name: string): string {
  if (value > largest || value < -largest) return '"[BigInt of more than 256 bits]"'
  return policy.current.number(value, name) ? censored : `"${value}"`
}

function encodeOdd(value: unknown): string {
  try {
    return encodeText(typeof value === 'function' ? `[Function: ${String(value.name)}]` : String(value), '')
  } catch {
    return '"[Function]"'
  }
}

function encodeObject(value: object, depth: number): string {
  if (path.includes(value)) return '"[Circular]"'
  if (budget <= 0) return '"…(line cut)"'
  const length = path.push(value)
  try {
    if (Array.isArray(value)) return encodeArray(value, depth)
    const proto: unknown = Object.getPrototypeOf(value)
    if (proto === Object.prototype || proto === null) {
      // A plain object may still bring its own toJSON.
      if (typeof (value as { toJSON?: unknown }).toJSON !== 'function') return encodePlain(value, depth)
    }
    return encodeSpecial(value, depth)
  } catch (error) {
    return thrown(error)
  } finally {
    path.length = length - 1
  }
}

function encodePlain(value: object, depth: number): string {
  if (depth >= limits.maxDepth) return '"…(object)"'
  let out = '{'
  let count = 0
  let more = 0
  let taken: Set<string> | undefined
  for (const name in value) {
    if (count === limits.maxKeys || budget <= 0) {
      more++
      continue
    }
    if (!Object.hasOwn(value, name)) continue
    let text: string
    let info: KeyInfo
    try {
      const each = (value as Record<string, unknown>)[name]
      if (each === undefined) continue
      info = keyInfo(name)
      if (info.secret && (info.secretNumber || typeof each !== 'number')) text = censored
      else if (info.pairValue && isSecretPair(value)) text = censored
      else text = encodeValue(each, name, depth + 1)
    } catch (error) {
      info = keyInfo(name)
      text = thrown(error)
    }
    if (info.altered) {
      const key = alteredKeyText(info, (taken ??= new Set(Object.keys(value).slice(0, 1000))))
      out += count === 0 ? key + text : `,${key}${text}`
    } else out += (count === 0 ? info.text : info.next) + text
    budget -= info.text.length + 8
    count++
  }
  if (more > 0) {
    const mark = Object.hasOwn(value, '…') ? '… more' : '…'
    out += `${count === 0 ? '' : ','}"${mark}":"(+${more} keys)"`
  }
  return `${out}}`
}

export function isSecretPair(value: object): boolean {
  const name = pairName(value)
  return name !== undefined && keyInfo(name).secret
}

/** Names may stand beside their values: `[name, value]` pairs, and flat header lists `[name, value, name, value]`. */
function encodeArray(value: readonly unknown[], depth: number): string {
  if (depth >= limits.maxDepth) return '"…(array)"'
  let out = '['
  for (let i = 0; i < value.length; i++) {
    if (i > 0) out += ','
    if (i === limits.maxItems || budget <= 0) {
      out += `"…(+${value.length - i} items)"`
      break
    }
    const before = listName(value, i)
    if (before !== undefined && keyInfo(before).secret) out += censored
    else out += encodeValue(value[i], '', depth + 1)
    budget -= 8
  }
  return `${out}]`
}

function encodeSpecial(value: object, depth: number): string {
  if (isSecret(value)) return censored
  if (value instanceof Date) return encodeDate(value)
  if (isError(value)) return encodeError(value, depth)
  if (value instanceof Map) return encodeMap(value, depth)
  if (value instanceof Set) return encodeArray(firstOf(value, value.size), depth)
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
    return encodeText(`[${className(value)} ${value.byteLength} bytes]`, '')
  }
  if (value instanceof RegExp || value instanceof URLSearchParams) return encodeText(String(value), '')
  if (value instanceof String || value instanceof Number || value instanceof Boolean) {
    return encodeValue(value.valueOf(), '', depth)
  }
  const toJSON: unknown = (value as { toJSON?: unknown }).toJSON
  if (typeof toJSON === 'function') {
    const json: unknown = toJSON.call(value)
    return json === value ? encodePlain(value, depth) : encodeValue(json, '', depth)
  }
  if (typeof Headers === 'function' && value instanceof Headers) return encodeMap(new Map(value), depth)
  if (value instanceof EventEmitter) return encodeEmitter(value)
  const text = encodePlain(value, depth)
  // A Promise, a Request, a WeakMap: what it holds is out of sight, its name is not.
  return text === '{}' && className(value) !== 'Object' ? encodeText(`[${className(value)}]`, '') : text
}

function encodeDate(value: Date): string {
  // The class may have methods of its own.
  const time = Date.prototype.getTime.call(value)
  return Number.isNaN(time) ? '"Invalid Date"' : `"${Date.prototype.toISOString.call(value)}"`
}

/** Sockets, streams, servers: their insides are Node's. Of a request, what it asks for. */
function encodeEmitter(value: EventEmitter): string {
  const { method, url } = value as { method?: unknown; url?: unknown }
  const asked =
    typeof method === 'string' && typeof url === 'string' ? ` ${method} ${url.split('?', 1)[0]!}` : ''
  return encodeText(`[${className(value)}${asked}]`, '')
}

function className(value: object): string {
  const made: unknown = value.constructor
  return typeof made === 'function' ? String(made.name) : 'Object'
}

/** As an object when every key is a string, so that the key rule reads alike; else as `[key, value]` pairs. */
function encodeMap(map: Map<unknown, unknown>, depth: number): string {
  const entries = firstOf(map, map.size) as [unknown, unknown][]
  if (!entries.every((entry) => (Array.isArray(entry) ? typeof entry[0] === 'string' : true))) {
    return encodeArray(entries, depth)
  }
  const plain = Object.create(null) as Record<string, unknown>
  for (const entry of entries) {
    if (Array.isArray(entry)) plain[entry[0] as string] = entry[1]
    else plain['…'] = entry
  }
  return encodePlain(plain, depth)
}

function firstOf(values: Iterable<unknown>, size: number): unknown[] {
  const first: unknown[] = []
  for (const value of values) {
    if (first.length === limits.maxItems) {
      first.push(`…(+${size - first.length} items)`)
      break
    }
    first.push(value)
  }
  return first
}

/** In full the first time an error object is written, in brief afterwards. */
function encodeError(error: Error, depth: number): string {
  if (!firstSight(error)) return encodePlain(briefError(error), depth)
  return encodePlain(fullError(error), errorDepth)
}

/** The fields of a line's `error` and what belongs to it, each with a leading comma. */
export function encodeErrorField(error: unknown): string {
  const first = firstSight(error)
  const record = first ? fullError(error) : briefError(error)
  const seen = first ? '' : ',"error_seen":true'
  return `,"error":${encodePlain(record, errorDepth)},"error_fingerprint":"${errorFingerprint(error)}"${seen}`
}

function thrown(error: unknown): string {
  try {
    return quote(`[Throws: ${screenAndCut(policy.current, briefError(error).message, undefined, 256)}]`)
  } catch {
    return '"[Throws]"'
  }
}
