// start-case.mjs SERVICE DSN: a process that is ready once all that reports has been loaded.
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
