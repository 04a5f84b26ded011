import { createServer } from 'node:http'
import { getLogger, setup } from 'telltale'
import { observeHttp } from 'telltale/http'
import { answers } from '../handle.mjs'

/** As in a service: everything that is on by default is, and `dsn` adds the reporter to it. */
export function open({ dsn, failing, kinds }) {
  const telltale = setup({ service: 'assessments', version: '1.4.0', ...(dsn && { sentry: { dsn } }) })
  const log = getLogger('assessments')
  const report = (error, fields) => log.exception('scoring_failed', error, fields)
  return {
    server: createServer(observeHttp(answers({ log, report, failing, kinds }))),
    close: () => telltale.shutdown(),
  }
}
