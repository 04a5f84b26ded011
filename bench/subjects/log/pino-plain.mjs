// pino as it comes: no context, no redaction.
import { pino } from 'pino'
import { runCase } from './event.mjs'

const log = pino()
await runCase((event, fields) => log.info(fields, event))
