import { copyFields } from '../encode/copy.js'
import { isError } from '../errors/record.js'

/** By key; what they return is written, redacted as anything. */
export type Serializers = Readonly<Record<string, (value: never) => unknown>>

/** The fields with their serializers applied; errors are left alone, since Telltale writes more of them. Never throws. */
export function serialized(fields: unknown, serializers: Serializers): unknown {
  if (typeof fields !== 'object' || fields === null || isError(fields)) return fields
  let own: Record<string, unknown> | undefined
  for (const name in serializers) {
    if (!has(fields, name)) continue
    own ??= copyFields(fields)
    if (!isError(own[name])) own[name] = apply(serializers[name]!, own[name])
  }
  return own ?? fields
}

/** Those of the object that are functions, over the former ones. */
export function withSerializers(former: Serializers, added: unknown): Serializers {
  if (typeof added !== 'object' || added === null) return former
  const functions = Object.entries(copyFields(added)).filter(([, value]) => typeof value === 'function')
  return functions.length === 0 ? former : { ...former, ...(Object.fromEntries(functions) as Serializers) }
}

function has(fields: object, name: string): boolean {
  try {
    return Object.hasOwn(fields, name)
  } catch {
    return false
  }
}

// Somebody else's code: where it throws, nobody knows what it would have left out.
function apply(serializer: (value: never) => unknown, value: unknown): unknown {
  try {
    return serializer(value as never)
  } catch {
    return '[Throws]'
  }
}
