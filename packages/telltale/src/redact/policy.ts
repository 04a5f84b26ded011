import { slot } from '../state/state.js'
import { cardNumber } from './card.js'
import { createKeyRule } from './keys.js'
import { censor } from './censor.js'
import { checkOptions, type RedactOptions } from './options.js'
import { createTextRule } from './text.js'

export type { RedactOptions } from './options.js'

/** What may leave the process. Every exit asks it; nothing in it throws. */
export interface Policy {
  /** Whether the whole value under `key` goes. The value decides for `tokens`: a number passes. */
  key(key: string, value?: unknown): boolean
  /** The text without its secrets; the same string where there are none. `key` is what it stands under. */
  text(text: string, key?: string): string
  /** Whether a number is a card number. */
  number(value: number | bigint, key?: string): boolean
  readonly censor: '[REDACTED]'
}

/** The policy for `options`. Throws TypeError naming the option, what it got and what it takes; its methods never throw. */
export function createPolicy(options: RedactOptions = {}): Policy {
  checkOptions(options)
  const key = createKeyRule(options)
  const screen = createTextRule(key, options)
  return {
    key,
    text: (text, under) => screen(text, under !== undefined && cardExempt(under)),
    number: (value, under) => cardNumber(value) && !(under !== undefined && cardExempt(under)),
    censor,
  }
}

/** The process's policy: the defaults until setup() replaces `current`. Read it at each use. */
export const policy: { current: Policy } = slot('policy', () => ({ current: createPolicy() }))

// Ids, times and counters of nanoseconds are long digit runs, of which one in ten passes Luhn.
const exempt = /(?:_id|_at|timestamp|nano|[a-z\d](?:Id|At|Timestamp|Nano))$/

function cardExempt(key: string): boolean {
  switch (key.charCodeAt(key.length - 1)) {
    case 100: // d
    case 116: // t
    case 112: // p
    case 111: // o
      return exempt.test(key)
    default:
      return false
  }
}
