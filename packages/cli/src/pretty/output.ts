import type { Writable } from 'node:stream'

/** Standard output has failed: the reader is gone (`EPIPE`), or a disk is full. */
export class OutputError extends Error {
  override readonly name = 'OutputError'

  constructor(readonly code: string | undefined) {
    super(`can't write: ${code ?? 'the output has failed'}`)
  }
}

/** Writes text and waits while the reader is behind. Rejects with an `OutputError` when it is gone. */
export function createOutput(stream: Writable): (text: string) => Promise<void> {
  let failure: OutputError | undefined
  let wake: (() => void) | undefined
  stream.on('error', (error: NodeJS.ErrnoException) => {
    failure = new OutputError(error.code)
    wake?.()
  })
  stream.on('drain', () => wake?.())
  return async (text) => {
    if (failure === undefined && !stream.write(text)) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    if (failure !== undefined) throw failure
  }
}
