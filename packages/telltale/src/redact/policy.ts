import { slot } from '../state/state.js'
import { cardExempt, cardNumber } from './card.js'
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
    text: screen,
    number: (value, under) => cardNumber(value) && !cardExempt(under),
    censor,
  }
}

/** The process's policy: the defaults until setup() replaces `current`. Read it at each use. */
export const policy: { current: Policy } = slot('policy', () => ({ current: createPolicy() }))
