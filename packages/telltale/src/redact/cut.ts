import { limits } from './limits.js'
import { ownCopy } from './own-copy.js'
import type { Policy } from './policy.js'

/** A string as it may leave: screened, then cut to `max` characters with a visible mark `…(+N chars)`. */
export function screenAndCut(
  policy: Policy,
  text: string,
  key?: string,
  max: number = limits.maxString,
): string {
  if (text.length <= max) return policy.text(text, key)
  const head = ownCopy(text.slice(0, max + limits.screenPastCut))
  const screened = policy.text(head, key)
  // What is kept has been screened with all of the margin behind it, however much the screening took away.
  const margin = text.length > head.length && screened !== head ? limits.screenPastCut : 0
  let kept = Math.max(0, Math.min(max, screened.length - margin))
  if (kept === screened.length && head.length === text.length) return screened
  if (isHighSurrogate(screened.charCodeAt(kept - 1))) kept--
  return `${screened.slice(0, kept)}…(+${text.length - head.length + screened.length - kept} chars)`
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff
