import type { Examples } from '../rule.js'
import { examples as boundedLabels } from './bounded-labels.examples.js'
import { examples as errorWithContext } from './error-with-context.examples.js'
import { examples as noConsole } from './no-console.examples.js'
import { examples as noDoubleReport } from './no-double-report.examples.js'
import { examples as noSensitiveFields } from './no-sensitive-fields.examples.js'
import { examples as noSilentCatch } from './no-silent-catch.examples.js'
import { examples as noSilentReturn } from './no-silent-return.examples.js'
import { examples as structuredEvent } from './structured-event.examples.js'
import type { RuleId } from './registry.js'

/** What each rule is shown and tested by. */
export const examples: Readonly<Record<RuleId, Examples>> = {
  'bounded-labels': boundedLabels,
  'error-with-context': errorWithContext,
  'no-console': noConsole,
  'no-double-report': noDoubleReport,
  'no-sensitive-fields': noSensitiveFields,
  'no-silent-catch': noSilentCatch,
  'no-silent-return': noSilentReturn,
  'structured-event': structuredEvent,
}
