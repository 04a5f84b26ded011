// As pino-mixin, by someone who measured: a literal with known keys instead of a spread, which V8 merges far faster.
import { AsyncLocalStorage } from 'node:async_hooks'
import { pino } from 'pino'
import { context } from './event.mjs'
import { paths } from './paths.mjs'
import { runPino } from './pino-case.mjs'

const store = new AsyncLocalStorage()
const mixin = () => {
  const { tenant_id, method, path } = store.getStore()
  return { tenant_id, method, path }
}
const log = pino({ mixin, redact: paths })
await store.run(context, () => runPino(log, (event, fields) => log.info(fields, event)))
