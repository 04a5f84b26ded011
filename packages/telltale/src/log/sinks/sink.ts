/** Where finished text goes. `text` is whole lines, each ending in a newline. */
export interface Sink {
  write(text: string): void
  /** Hands on what is held, without waiting for a later turn. */
  flush?(): void
  /** The process ends after this: hands on what is held even if that means waiting a moment. */
  flushAndWait?(): void
}
