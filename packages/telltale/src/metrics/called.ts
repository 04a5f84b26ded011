import type { Definition } from './definition.js'
import { given } from './refusal.js'

/**
 * What a call on a metric without labels was given. Other clients take empty labels before it, as in `inc({}, 2)`, and so
 * do we. Never throws.
 */
export function withoutLabels(first: unknown, second: unknown): unknown {
  return typeof first === 'object' && isEmpty(first) ? second : first
}

/** A literal `{}`; a list or a date is no labels. */
function isEmpty(value: object | null): boolean {
  try {
    if (value === null) return false
    const prototype: unknown = Object.getPrototypeOf(value)
    return (prototype === Object.prototype || prototype === null) && Object.keys(value).length === 0
  } catch {
    return false
  }
}

/** Throws a TypeError that names the metric where a call has no function to run. */
export function checkFunction(
  fn: unknown,
  call: 'time' | 'track',
  definition: Definition,
  isBound = false,
): void {
  if (typeof fn === 'function') return
  const { type, name, labels } = definition
  const before = isBound || labels.length === 0 ? '' : `{ ${labels.map((label) => label.name).join(', ')} }, `
  throw new TypeError(
    `${type} ${name}: ${call}(${before}fn) takes a function to run, got ${given(fn)} for it.`,
  )
}
