import type { Writable } from 'node:stream'

/** Writes text and waits while the reader is behind. Rejects when it is gone. */
export function createOutput(stream: Writable): (text: string) => Promise<void> {
  let failure: Error | undefined
  let wake: (() => void) | undefined
  stream.on('error', (error: Error) => {
    failure = error
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
