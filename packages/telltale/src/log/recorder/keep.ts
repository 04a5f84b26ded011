import { encodeValue, withBudget } from '../../encode/value.js'
import { isError } from '../../errors/record.js'
import { screenAndCut } from '../../redact/cut.js'
import { limits } from '../../redact/limits.js'
import { policy } from '../../redact/policy.js'

const maxDepth = 3
const maxKeys = 32
const maxText = 1024
// In characters, of one value that is no plain data.
const maxOther = 4096

/** Names and values in turn. An array costs a fraction of an object whose keys are not known (measured). */
type Fields = unknown[]

class KeptObject {
  constructor(readonly fields: Fields) {}
}

class KeptArray {
  constructor(readonly items: unknown[]) {}
}

/** An event's fields as they are now, bounded. `size` is about what they take, in bytes. */
export interface Kept {
  readonly fields: Fields
  readonly size: number
}

const empty: Kept = { fields: [], size: 0 }
let size = 0

/**
 * A bounded copy of an event's fields: three levels, 32 keys or items each, 1 KiB a string; what is cut is marked. Costs
 * a fraction of encoding them. Secrets stay in it: whoever writes it out encodes it, as any event. May throw what a
 * getter throws.
 */
export function keep(fields: object | undefined): Kept {
  if (fields === undefined) return empty
  size = 0
  const kept = copyFields(fields, 1)
  return { fields: kept, size }
}

/** The copy as plain objects and arrays. */
export function restore({ fields }: Kept): Record<string, unknown> {
  return restoreFields(fields)
}

function copyFields(fields: object, depth: number): Fields {
  const out: Fields = []
  let more = 0
  for (const name in fields) {
    if (!Object.hasOwn(fields, name)) continue
    if (out.length === maxKeys * 2) {
      more++
      continue
    }
    const value = (fields as Record<string, unknown>)[name]
    size += 24
    out.push(name, typeof value === 'number' || typeof value === 'boolean' ? value : copy(value, name, depth))
  }
  if (more > 0) out.push('…', `(+${more} keys)`)
  return out
}

function copy(value: unknown, name: string, depth: number): unknown {
  if (typeof value === 'string') {
    if (value.length <= maxText) {
      size += value.length
      return value
    }
    size += maxText
    return screenAndCut(policy.current, value, name, maxText)
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return depth > maxDepth ? '…(array)' : new KeptArray(copyItems(value, depth))
  const proto: unknown = Object.getPrototypeOf(value)
  if ((proto === Object.prototype || proto === null) && !('toJSON' in value)) {
    return depth > maxDepth ? '…(object)' : new KeptObject(copyFields(value, depth + 1))
  }
  // An error keeps its identity: it is written in full once, and its message and stack don't change.
  if (isError(value)) return value
  const text = withBudget(maxOther, () => encodeValue(value, name, limits.maxDepth - maxDepth))
  size += text.length
  return JSON.parse(text)
}

function copyItems(items: readonly unknown[], depth: number): unknown[] {
  const out: unknown[] = []
  for (let i = 0; i < items.length && i < maxKeys; i++) {
    size += 8
    out.push(copy(items[i], '', depth + 1))
  }
  if (items.length > maxKeys) out.push(`…(+${items.length - maxKeys} items)`)
  return out
}

function restoreFields(fields: Fields): Record<string, unknown> {
  const own = Object.create(null) as Record<string, unknown>
  for (let i = 0; i < fields.length; i += 2) own[fields[i] as string] = restored(fields[i + 1])
  return own
}

function restored(value: unknown): unknown {
  if (value instanceof KeptObject) return restoreFields(value.fields)
  if (value instanceof KeptArray) return value.items.map(restored)
  return value
}
