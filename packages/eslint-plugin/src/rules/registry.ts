import { boundedLabels } from './bounded-labels.js'
import { errorWithContext } from './error-with-context.js'
import { noConsole } from './no-console.js'
import { noDoubleReport } from './no-double-report.js'
import { noSensitiveFields } from './no-sensitive-fields.js'
import { noSilentCatch } from './no-silent-catch.js'
import { noSilentReturn } from './no-silent-return.js'
import { structuredEvent } from './structured-event.js'

/** Every rule by its id. What is listed here is documented, tested and configured, or the build fails. */
export const rules = {
  'bounded-labels': boundedLabels,
  'error-with-context': errorWithContext,
  'no-console': noConsole,
  'no-double-report': noDoubleReport,
  'no-sensitive-fields': noSensitiveFields,
  'no-silent-catch': noSilentCatch,
  'no-silent-return': noSilentReturn,
  'structured-event': structuredEvent,
} as const

export type RuleId = keyof typeof rules
