import { getLogger, health, setup } from 'telltale'
import { checkEventLoop, checkPg } from 'telltale/checks'
import { observeOutbound } from 'telltale/outbound'
import { createPool } from './database.js'
import { numberFrom, textFrom } from './environment.js'
import { migrate } from './migrate.js'
import { observeOpenAssessments } from './open-assessments.js'
import { createPaymentGateway } from './payment-gateway.js'
import { buildServer } from './server.js'

const telltale = setup({ service: 'assessments', version: '1.0.0' })
observeOutbound()
const log = getLogger('service')

try {
  await start()
} catch (error) {
  log.exception('service_start_failed', error)
  await telltale.shutdown()
  process.exit(1)
}

async function start(): Promise<void> {
  const pool = createPool(textFrom('DATABASE_URL', 'postgres://… of the database'))
  const gateway = createPaymentGateway(
    textFrom('GATEWAY_URL', 'http://… of the payment gateway'),
    numberFrom('PAYMENT_TIMEOUT_MS', 300, { min: 1 }),
  )
  health.check('database', checkPg(pool), { timeoutMs: 1_000, intervalMs: 2_000 })
  health.check('payment_gateway', () => gateway.isUp(), { timeoutMs: 1_000, critical: false })
  health.check('event_loop', checkEventLoop(), { critical: false })

  await migrate(pool)
  observeOpenAssessments(pool)
  const app = await buildServer({ pool, gateway })
  const host = process.env.HOST ?? '127.0.0.1'
  const url = await app.listen({ host, port: numberFrom('PORT', 3000, { max: 65_535 }) })
  log.info('service_listening', { port: Number(new URL(url).port), url })
}
