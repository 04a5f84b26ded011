import { screenCards } from './card.js'
import type { KeyRule } from './keys.js'

export interface TextRuleOptions {
  patterns?: readonly RegExp[] | undefined
  pii?: boolean | undefined
}

/** Screens one text; the same string comes back where there is nothing. `allowCard` leaves card numbers. Never throws. */
export type TextRule = (text: string, allowCard?: boolean) => string

export const censor = '[REDACTED]'

export function createTextRule(keyRule: KeyRule, _options: TextRuleOptions = {}): TextRule {
  return (text, allowCard = false) => {
    let out = text.replace(/\b(Bearer|Basic) +[\w.~+/=-]{6,}/gi, `$1 ${censor}`)
    out = out.replace(/([\w.-]{1,64})=([^\s&"']+)/g, (all: string, key: string) =>
      keyRule(key) ? `${key}=${censor}` : all,
    )
    return allowCard ? out : screenCards(out, censor)
  }
}
