import type { Bound } from './line.js'

/** Who raises an event: the fragment for a level, `","level":"info","logger":"db","event":`, and bound fields. */
export interface Source {
  readonly name: string
  on(level: number): boolean
  head(level: number): string
  readonly bound: Bound | undefined
}
