import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import winston from 'winston'
import { destination, runCase, stdoutWritten } from './event.mjs'

/** A winston logger with these formats before its JSON: the Console transport, or File where a file is named. */
export async function runWinston(...formats) {
  const { combine, timestamp, json } = winston.format
  const transport =
    destination === undefined
      ? new winston.transports.Console()
      : new winston.transports.File({ filename: destination })
  const log = winston.createLogger({
    format: combine(timestamp(), ...formats.map((format) => winston.format(format)()), json()),
    transports: [transport],
  })
  await runCase((event, fields) => log.info(event, fields), {
    calm: () => log.writableNeedDrain && once(log, 'drain'),
    async close() {
      // Ended with events on their way between its streams, winston says "write after end".
      while (log.readableLength + transport.writableLength > 0) await turn()
      const finished = once(transport, 'finish')
      log.end()
      await finished
      if (destination === undefined) await stdoutWritten()
    },
  })
}
