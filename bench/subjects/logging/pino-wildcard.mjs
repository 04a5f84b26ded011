// As pino-child, with fifteen wildcard paths for secrets whose depth isn't known.
import { AsyncLocalStorage } from 'node:async_hooks'
import { pino } from 'pino'
import { context } from './event.mjs'
import { wildcards } from './paths.mjs'
import { runPino } from './pino-case.mjs'

const store = new AsyncLocalStorage()
const log = pino({ redact: wildcards })
await store.run(log.child(context), () =>
  runPino(log, (event, fields) => store.getStore().info(fields, event)),
)
