import type { AttributeValue, FinishedSpan } from '../trace/span.js'

/** Characters of a span's texts. */
export function weightOf({ name, tracestate, attributes, error }: FinishedSpan): number {
  let weight = name.length + (tracestate?.length ?? 0)
  for (const key in attributes) weight += key.length + charsOf(attributes[key]!)
  if (error !== undefined) weight += error.type.length + error.message.length + (error.stack?.length ?? 0)
  return weight
}

function charsOf(value: AttributeValue): number {
  if (typeof value === 'string') return value.length
  return typeof value === 'object' ? value.reduce((sum: number, text) => sum + text.length, 0) : 0
}
