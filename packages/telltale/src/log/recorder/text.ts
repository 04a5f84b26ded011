import { screenAndCut } from '../../redact/cut.js'
import { ownCopy } from '../../redact/own-copy.js'
import { policy } from '../../redact/policy.js'

/** Longer ones are copied: as a part of a larger text they would keep all of it. */
export const maxShared = 64

/** A text of at most `max` characters and a mark, with no larger one behind it. */
export function keepText(text: string, name: string, max: number): string {
  if (text.length > max) return ownCopy(screenAndCut(policy.current, text, name, max))
  return text.length > maxShared ? ownCopy(text) : text
}
