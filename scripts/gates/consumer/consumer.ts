// What a user's code says to the packed SDK; compiled in every way TypeScript resolves packages.
import express from 'express'
import { createServer } from 'node:http'
import Fastify from 'fastify'
import pg from 'pg'
import {
  bindContext,
  counter,
  flow,
  gauge,
  getLogger,
  health,
  histogram,
  redact,
  secret,
  setRoute,
  setup,
  unbindContext,
  withContext,
} from 'telltale'
import { checkDisk, checkEventLoop, checkHttp, checkMemory, checkPg, checkRedis } from 'telltale/checks'
import { createConsoleRenderer } from 'telltale/console'
import { observeExpress, observeExpressErrors } from 'telltale/express'
import { fastifyLogger, observeFastify } from 'telltale/fastify'
import { observeHttp } from 'telltale/http'
import { observeOutbound } from 'telltale/outbound'
import { observePg } from 'telltale/pg'
import { pinoLogger } from 'telltale/pino'
import { mergePromClient } from 'telltale/prom-client'
import { assertLogged, captureLogs, logMatchers, type LoggedEvent } from 'telltale/testing'

export async function main(): Promise<void> {
  const telltale = setup({ service: 'consumer', version: '1.0.0' })
  const log = getLogger('consumer')
  const submissions = counter('submissions_total', {
    help: 'Submissions by outcome.',
    labels: { skill_area: String, status: ['success', 'validation_error'] },
  })
  submissions.inc({ skill_area: 'math', status: 'success' })
  // @ts-expect-error an enumerated label is checked by the compiler
  submissions.inc({ skill_area: 'math', status: 'unheard_of' })
  gauge('queue_length', { help: 'Waiting jobs.' }).set(3)
  histogram('render_seconds', { help: 'Time to render.', buckets: [0.1, 1] }).observe(0.2)

  await withContext({ tenant_id: 't_1' }, async () => {
    bindContext({ user_id: 'u_1' })
    log.info('assessment_started', { password: secret('hunter2'), copy: redact({ token: 'x' }) })
    unbindContext('user_id')
  })
  const steps: number = await flow('retake', { user_id: 'u_1' }, (f) => f.step('load', () => 3))
  log.warning('flow_seen', { steps })
  const retake = flow.define('retake_declared', { steps: ['load', 'clear'] })
  await retake({}, async (f) => {
    await f.step('clear', () => undefined)
    // @ts-expect-error an undeclared step is refused by the compiler
    await f.step('unheard_of', () => undefined)
  })
  const pool = observePg(new pg.Pool())
  health.check('database', checkPg(pool), { timeoutMs: 1000 })
  health.check('cache', checkRedis({ isReady: true, ping: () => Promise.resolve('PONG') }))
  health.check('billing', checkHttp('http://billing.internal/health', { status: [200, 204] }))
  health.check('disk', checkDisk('/', { minFreeBytes: 2 ** 30 }))
  health.check('event_loop', checkEventLoop(), { critical: false })
  health.check('memory', checkMemory({ maxShare: 0.95 }), { critical: false })
  // @ts-expect-error a pool has connect() and its counts, a client query()
  checkPg({ totalCount: 1 })

  const app = Fastify({ loggerInstance: fastifyLogger() })
  await app.register(observeFastify)
  express().use(observeExpress()).use(observeExpressErrors())
  createServer(
    observeHttp((_req, res) => {
      setRoute('/things/:id')
      res.end()
    }),
  )
  observeOutbound({ propagateTo: ['api.partner.example'] })
  createConsoleRenderer()('{}')
  mergePromClient({ getMetricsAsJSON: () => Promise.resolve([]) })()
  const audit = pinoLogger('audit').child({ part: 'a' }, { customLevels: { note: 35 } })
  audit.note({ user_id: 'u_1' }, 'Seen %s', 'it')
  // @ts-expect-error there is no such level
  audit.unheard_of('x')
  const logs = captureLogs({ level: 'info' })
  const seen: LoggedEvent = assertLogged(logs, 'log', { user_id: 'u_1' })
  logs[Symbol.dispose]()
  log.info('seen', { logger: seen.logger, pass: logMatchers.toHaveLogged(logs, 'log').pass })
  await telltale.shutdown()
}
