import { createRequire } from 'node:module'
import * as Sentry from 'sentry-11'
import { getLogger, setup } from 'telltale'
import { observeHttp } from 'telltale/http'
import { answers } from '../handle.mjs'

// After init(), which replaces what is loaded later.
const require = createRequire(import.meta.url)

/** The same service, which logs by Telltale and reports by the SDK, with its defaults and `options`. */
export function open({ dsn, failing, kinds, options }) {
  Sentry.init({ dsn, release: 'assessments@1.4.0', ...options })
  const telltale = setup({ service: 'assessments', version: '1.4.0' })
  const { createServer } = require('node:http')
  const log = getLogger('assessments')
  const report = (error, fields) => {
    log.exception('scoring_failed', error, fields)
    Sentry.captureException(error, { extra: fields })
  }
  return {
    server: createServer(observeHttp(answers({ log, report, failing, kinds }))),
    async close() {
      await telltale.shutdown()
      await Sentry.close(10_000)
    },
  }
}
