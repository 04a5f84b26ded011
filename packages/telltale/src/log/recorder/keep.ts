import { encodeValue, isSecretPair, withBudget } from '../../encode/value.js'
import { briefError, isError } from '../../errors/record.js'
import { censor } from '../../redact/censor.js'
import { screenAndCut } from '../../redact/cut.js'
import { limits } from '../../redact/limits.js'
import { policy } from '../../redact/policy.js'

const maxDepth = 3
const maxKeys = 32
const maxText = 1024
// In characters, of one value that is no plain data.
const maxOther = 4096
// About what an error's frames take.
const errorSize = 1024

/** An event's fields as they are now, bounded. `size` is about what they take, in bytes. */
export interface Kept {
  readonly fields: Record<string, unknown>
  readonly size: number
}

const empty: Kept = { fields: {}, size: 0 }
let size = 0

/**
 * A bounded copy of an event's fields: three levels, 32 keys or items each, 1 KiB a string; what is cut is marked. Costs
 * a fraction of encoding them. Secrets stay in it: whoever writes it out encodes it, as any event. May throw what a
 * getter throws.
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
  // A spread clones an object of a known shape in one go, several times as fast as key by key (measured).
  const own: Record<string, unknown> = { ...fields }
  let count = 0
  for (const name in own) {
    if (++count > maxKeys) return first(own, depth)
    const value = own[name]
    if (typeof value === 'string' && value.length <= maxText) size += value.length
    else if (typeof value === 'object' || typeof value === 'string') own[name] = copy(value, name, depth)
  }
  size += count * 24
  return own
}

/** Of an object with many keys the first, which have been copied. */
function first(many: Record<string, unknown>, depth: number): Record<string, unknown> {
  const names = Object.keys(many)
  const own = Object.create(null) as Record<string, unknown>
  for (const name of names.slice(0, maxKeys)) own[name] = many[name]
  // The name that makes the value a secret may be among those cut.
  for (const name of ['value', 'Value']) if (name in own && isSecretPair(many)) own[name] = censor
  own[depth === 1 ? '… recorded' : '…'] = `(+${names.length - maxKeys} keys)`
  size += maxKeys * 24
  return own
}

function copy(value: unknown, name: string, depth: number): unknown {
  if (typeof value === 'string') {
    size += Math.min(value.length, maxText)
    return value.length <= maxText ? value : screenAndCut(policy.current, value, name, maxText)
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return depth > maxDepth ? '…(array)' : copyItems(value, depth)
  const proto: unknown = Object.getPrototypeOf(value)
  if ((proto === Object.prototype || proto === null) && !('toJSON' in value)) {
    return depth > maxDepth ? '…(object)' : copyFields(value, depth + 1)
  }
  // An error keeps its identity: it is written in full once, and its message and stack don't change.
  if (isError(value)) {
    // The message stands in the stack again.
    size += errorSize + 2 * briefError(value).message.length
    return value
  }
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
    if (typeof item === 'object' || typeof item === 'string') own[i] = copy(item, '', depth + 1)
  }
  if (items.length > most) own.push(`…(+${items.length - most} items)`)
  return own
}
