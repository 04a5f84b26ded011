import type { Attributes, AttributeValue } from './span.js'

/** Those of the fields that a span can carry as they are: texts, numbers and truth values. */
export function primitives(fields: object): Attributes {
  const some: Record<string, AttributeValue> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      some[name] = value
  }
  return some
}
