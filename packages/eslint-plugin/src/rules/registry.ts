import { noSilentCatch } from './no-silent-catch.js'
import { noSilentReturn } from './no-silent-return.js'

/** Every rule by its id. What is listed here is documented, tested and configured, or the build fails. */
export const rules = {
  'no-silent-catch': noSilentCatch,
  'no-silent-return': noSilentReturn,
} as const

export type RuleId = keyof typeof rules
