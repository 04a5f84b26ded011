import type { Segment } from './layout.js'

/** An entry of a kind that is drawn in its own way. */
export interface Drawing {
  /** What stands in the place of the event's name. */
  readonly phrase?: readonly Segment[]
  /** Its rows are somebody's text and stand under one another as they were written. */
  readonly isText?: boolean
  /** What leads the entry's other fields. */
  readonly fields: readonly Segment[]
  /** The fields this has shown. */
  readonly drawn: readonly string[]
}
