import type { Readable, Writable } from 'node:stream'

/** What a command talks to: the process's own streams, or a test's. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable
  readonly stderr: Writable
  /** Calls back at each Ctrl-C from now on, instead of ending at once. */
  readonly onInterrupt: (listener: () => void) => void
}

/** One word after `telltale`. */
export interface Command<Name extends string = string> {
  readonly name: Name
  readonly summary: string
  /** Gives the exit code. Throws a `UsageError` for what it can't be called with. */
  run(args: readonly string[], terminal: Terminal): Promise<number>
}
