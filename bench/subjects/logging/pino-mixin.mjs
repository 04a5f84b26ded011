// The usual mixin, a copy of the store since pino writes into what mixin returns, and six redaction paths.
import { AsyncLocalStorage } from 'node:async_hooks'
import { pino } from 'pino'
import { context } from './event.mjs'
import { paths } from './paths.mjs'
import { runPino } from './pino-case.mjs'

const store = new AsyncLocalStorage()
const log = pino({ mixin: () => ({ ...store.getStore() }), redact: paths })
await store.run(context, () => runPino(log, (event, fields) => log.info(fields, event)))
