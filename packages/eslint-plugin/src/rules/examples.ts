import type { Examples } from '../rule.js'
import { examples as noSilentCatch } from './no-silent-catch.examples.js'
import { examples as noSilentReturn } from './no-silent-return.examples.js'
import type { RuleId } from './registry.js'

/** What each rule is shown and tested by. */
export const examples: Readonly<Record<RuleId, Examples>> = {
  'no-silent-catch': noSilentCatch,
  'no-silent-return': noSilentReturn,
}
