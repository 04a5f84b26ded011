import { errorWithContext } from './error-with-context.js'
import { noConsole } from './no-console.js'
import { noDoubleReport } from './no-double-report.js'
import { noSilentCatch } from './no-silent-catch.js'
import { noSilentReturn } from './no-silent-return.js'
import { structuredEvent } from './structured-event.js'

/** Every rule by its id. What is listed here is documented, tested and configured, or the build fails. */
export const rules = {
  'error-with-context': errorWithContext,
  'no-console': noConsole,
  'no-double-report': noDoubleReport,
  'no-silent-catch': noSilentCatch,
  'no-silent-return': noSilentReturn,
  'structured-event': structuredEvent,
} as const

export type RuleId = keyof typeof rules
