import { once } from 'node:events'
import { symbols } from 'pino'
import { runCase } from './event.mjs'

/** Runs a case on a pino logger; at the end its destination, which is asynchronous, writes what it holds. */
export function runPino(log, write) {
  return runCase(write, {
    async close() {
      // `flush` calls back at once where there is no minimum length, with a write still under way.
      const stream = log[symbols.streamSym]
      const finished = once(stream, 'finish')
      stream.end()
      await finished
    },
  })
}
