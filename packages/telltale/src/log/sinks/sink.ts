import type { Level } from '../levels.js'

/** Where finished text goes. */
export interface Sink {
  /** `text` is one event's line or lines, each ending in a newline; `level` is that event's. */
  write(text: string, level: Level): void
  /** Hands on what is held, without waiting for a later turn. */
  flush?(): void | Promise<void>
  /**
   * Hands on what is held even if that means waiting. Called by `shutdown()` and at SIGTERM, where a promise is awaited
   * within `lifecycle.flushTimeoutMs`; and as the process's last act, where nothing asynchronous happens any more.
   */
  flushAndWait?(): void | Promise<void>
}
