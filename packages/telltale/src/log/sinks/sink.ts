import type { Level } from '../levels.js'

/** Where finished text goes. */
export interface Sink {
  /** `text` is one event's line or lines, each ending in a newline; `level` is that event's. */
  write(text: string, level: Level): void
  /** Hands on what is held, without waiting for a later turn. */
  flush?(): void
  /** The process ends after this: hands on what is held even if that means waiting a moment. */
  flushAndWait?(): void
}
