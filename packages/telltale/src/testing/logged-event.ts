import type { Level } from '../log/levels.js'

/** A line as it was written, after redaction, under its own key names: where `log.keys` renames one, so it is here. */
export interface LoggedEvent {
  readonly timestamp: string
  readonly level: Level
  readonly logger: string
  readonly event: string
  readonly [field: string]: unknown
}
