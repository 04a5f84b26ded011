// start-case.mjs SERVICE DSN: a process that is ready once all that reports has been loaded.
import { createRequire } from 'node:module'
import { ready } from '../start/report.mjs'

const [, , name, dsn] = process.argv
const ways = {
  async telltale() {
    const { setup } = await import('telltale')
    setup({ service: 'assessments', version: '1.4.0', sentry: { dsn } })
    const { flushSentry } = await import('telltale/sentry')
    await flushSentry()
  },
  async off() {
    const { setup } = await import('telltale')
    setup({ service: 'assessments', version: '1.4.0' })
  },
  /** The client that the reporter might have been built on: the SDK's core alone, with a transport of nothing. */
  async 'sentry-core'() {
    const require = createRequire(createRequire(import.meta.url).resolve('sentry-11'))
    const { createTransport } = require('@sentry/core')
    const { ServerRuntimeClient } = require('@sentry/core/server')
    const { setup } = await import('telltale')
    setup({ service: 'assessments', version: '1.4.0' })
    const client = new ServerRuntimeClient({
      dsn,
      integrations: [],
      stackParser: () => [],
      transport: (options) => createTransport(options, async () => ({})),
    })
    client.init()
  },
  async sentry() {
    const { init } = await import('sentry-11')
    const { setup } = await import('telltale')
    init({ dsn, release: 'assessments@1.4.0' })
    setup({ service: 'assessments', version: '1.4.0' })
  },
  async 'sentry-errors'() {
    const { init } = await import('sentry-11')
    const { setup } = await import('telltale')
    init({ dsn, release: 'assessments@1.4.0', defaultIntegrations: false })
    setup({ service: 'assessments', version: '1.4.0' })
  },
}
await ways[name]()
ready()
