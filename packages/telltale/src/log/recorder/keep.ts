import { beyondCopied } from '../../encode/copy.js'
import { encodeValue, isSecretPair, withBudget } from '../../encode/value.js'
import { isError } from '../../errors/record.js'
import { censor } from '../../redact/censor.js'
import { limits } from '../../redact/limits.js'
import { keepError } from './keep-error.js'
import { keepText, maxShared } from './text.js'

const maxDepth = 3
const maxKeys = 32
const maxText = 1024
// In characters, of one value that is no plain data.
const maxOther = 4096
// What a field takes, its name with it unless that is longer.
const fieldSize = 24

/** An event's fields as they are now, bounded. `size` is about what they take, in bytes. */
export interface Kept {
  readonly fields: Record<string, unknown>
  readonly size: number
}

const empty: Kept = { fields: {}, size: 0 }
let size = 0

/**
 * A bounded copy of an event's fields: three levels, 32 keys or items each, 1 KiB a string; what is cut is marked. Costs
 * a fraction of encoding them; where an object has more keys, listing their names as well, but no value beyond is read.
 * Secrets stay in it: whoever writes it out encodes it, as any event. May throw what a getter throws.
 */
export function keep(fields: object | undefined): Kept {
  if (fields === undefined) return empty
  // A getter may log, too.
  const outer = size
  size = 0
  const kept = { fields: copyFields(fields, 1), size }
  size = outer
  return kept
}

function copyFields(fields: object, depth: number): Record<string, unknown> {
  let count = 0
  for (const _ in fields) if (++count > maxKeys) break
  if (count > maxKeys) {
    const names = Object.keys(fields)
    // What a class has inherited does not count.
    if (names.length > maxKeys) return first(fields, names, depth)
  }
  // A spread clones an object of a known shape in one go, several times as fast as key by key (measured).
  const own: Record<string, unknown> = { ...fields }
  for (const name in own) {
    const value = own[name]
    if (name.length > fieldSize) size += name.length
    if (typeof value === 'string' && value.length <= maxShared) size += value.length
    else if (!isSmall(value)) own[name] = copy(value, name, depth)
  }
  size += count * fieldSize
  return own
}

/** Of an object with many keys the first. */
function first(many: object, names: readonly string[], depth: number): Record<string, unknown> {
  const own = Object.create(null) as Record<string, unknown>
  for (let i = 0; i < maxKeys; i++) {
    const name = names[i]!
    own[name] = copy((many as Record<string, unknown>)[name], name, depth)
    if (name.length > fieldSize) size += name.length
  }
  // The name that makes the value a secret may be among those cut.
  for (const name of ['value', 'Value']) if (name in own && isSecretPair(many)) own[name] = censor
  own[depth === 1 ? '… recorded' : '…'] = `(+${names.length - maxKeys + beyondCopied(many)} keys)`
  size += maxKeys * fieldSize
  return own
}

function copy(value: unknown, name: string, depth: number): unknown {
  if (typeof value === 'string') {
    const text = keepText(value, name, maxText)
    size += text.length
    return text
  }
  if (typeof value !== 'object') return isSmall(value) ? value : written(value, name)
  if (value === null) return value
  if (Array.isArray(value)) return depth > maxDepth ? '…(array)' : copyItems(value, depth)
  const proto: unknown = Object.getPrototypeOf(value)
  if ((proto === Object.prototype || proto === null) && !('toJSON' in value)) {
    return depth > maxDepth ? '…(object)' : copyFields(value, depth + 1)
  }
  if (isError(value)) {
    const kept = keepError(value)
    size += kept.size
    return kept.error
  }
  return written(value, name)
}

function isSmall(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean' || value === undefined
}

/** As it will stand in the line: a function holds all that it sees, a BigInt may have millions of digits. */
function written(value: unknown, name: string): unknown {
  const text = withBudget(maxOther, () => encodeValue(value, name, limits.maxDepth - maxDepth))
  size += text.length
  return JSON.parse(text)
}

function copyItems(items: readonly unknown[], depth: number): unknown[] {
  // Of names and values in turn, as header lists are, an even number stays even: so they are told from other lists.
  const most = items.length > maxKeys && items.length % 2 === 0 ? maxKeys - 1 : maxKeys
  const own: unknown[] = items.slice(0, most)
  size += own.length * 8
  for (let i = 0; i < own.length; i++) {
    const item = own[i]
    if (!isSmall(item)) own[i] = copy(item, '', depth + 1)
  }
  if (items.length > most) own.push(`…(+${items.length - most} items)`)
  return own
}
