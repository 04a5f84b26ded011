// pino as it comes: no context, no redaction.
import { pino } from 'pino'
import { runPino } from './pino-case.mjs'

const log = pino()
await runPino(log, (event, fields) => log.info(fields, event))
