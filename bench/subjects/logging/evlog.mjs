// evlog's plain log with the context from AsyncLocalStorage; redaction by its built-in patterns and by names at any depth.
import { AsyncLocalStorage } from 'node:async_hooks'
import { initLogger, log } from 'evlog'
import { context, runCase } from './event.mjs'

initLogger({
  env: { service: 'assessments', version: '1.4.0' },
  redact: { paths: ['**.password', '**.token', '**.authorization', '**.secret', '**.api_key'] },
})
const store = new AsyncLocalStorage()
await store.run(context, () =>
  runCase((event, fields) => {
    const { tenant_id, method, path } = store.getStore()
    const { user_id, assessment_id, nested } = fields
    log.info({ event, tenant_id, method, path, user_id, assessment_id, nested })
  }),
)
