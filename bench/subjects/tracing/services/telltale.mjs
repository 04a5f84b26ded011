import { createServer } from 'node:http'
import { flow, setRoute, setup } from 'telltale'
import { observeHttp } from 'telltale/http'
import { observePg } from 'telltale/pg'
import { database, retake } from '../handle.mjs'

/**
 * As in a service: everything that is on by default is, and `exit` adds OTLP to it. Without `lines` nothing is written and
 * nothing is recorded in case a request fails.
 */
export function open(exit) {
  const otlp = exit && { endpoint: exit.endpoint, tracesSampleRate: exit.rate, logs: exit.logs }
  const log = exit?.lines === false ? { level: 'critical', recorder: false } : {}
  const telltale = setup({ service: 'assessments', version: '1.4.0', log, ...(otlp && { otlp }) })
  const observed = observePg({ query: database.query })
  const handle = retake({
    named: setRoute,
    flow: (name, fields, fn) => flow(name, fields, (f) => fn((step, run) => f.step(step, run))),
    query: (text, values) => observed.query(text, values),
  })
  return { server: createServer(observeHttp(handle)), close: () => telltale.shutdown() }
}
