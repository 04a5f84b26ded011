import { openReporter } from './reporter.js'
import { here } from './start.js'

export { attachSentry, type AttachOptions } from './attach.js'
export {
  captureException,
  captureMessage,
  setUser,
  withScope,
  type CaptureHint,
  type SentryScope,
} from './manual.js'
export type { SentryEvent } from './event.js'
export type { SentrySdk } from './sdk.js'
export type { SentryOptions } from './options.js'
export { flushSentry } from './start.js'

here.open = openReporter
