import type { Entry } from './entry.js'
import type { Requests } from './requests.js'

/** One kind of log line: how to know it, and how to say it as our line. */
export interface Format<Name extends string = string> {
  readonly name: Name
  /** Decides by the keys alone, cheaply: asked for each line. */
  matches(entry: Entry): boolean
  /** One line, or as many as an envelope holds. `requests` is the stream's own memory. */
  normalise(entry: Entry, requests: Requests): Entry[]
}
