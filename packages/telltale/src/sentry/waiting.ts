import type { Report, Said, SentryEvent } from './event.js'

/** One failure on its way. */
export interface Entry {
  readonly report: Report
  readonly said: Said
  /** As it is sent, once it has been made; null where the service does not want it sent. */
  event?: SentryEvent | null
}

/** What waits to be sent, and what is under way: both have their room. */
export interface Waiting {
  entries: Entry[]
  readonly underWay: Set<Entry>
}
