import { limits } from '../redact/limits.js'
import { policy } from '../redact/policy.js'

const maxShown = 200

/**
 * A value as a message may name it: its text, screened and then cut to 200 characters; a function by its name, never
 * its source. Never throws, whatever the value's own methods do.
 */
export function show(value: unknown): string {
  const text = textOf(value)
  const head = text.slice(0, maxShown + limits.screenPastCut)
  const screened = policy.current.text(head)
  // As in screenAndCut: what is kept has been screened with all of the margin behind it.
  const margin = head.length < text.length && screened !== head ? limits.screenPastCut : 0
  const kept = Math.max(0, Math.min(maxShown, screened.length - margin))
  if (kept === screened.length && head.length === text.length) return screened
  return `${screened.slice(0, kept)}…`
}

function textOf(value: unknown): string {
  try {
    if (typeof value === 'function') {
      const { name } = value
      return typeof name === 'string' && name !== '' ? `function ${name}` : 'a function'
    }
    return String(value)
  } catch {
    return typeof value === 'function' ? 'a function' : 'an object that has no text'
  }
}
