import { buildApp } from './app.js'
import { config } from './config.js'
import { healthy } from './lib/db.js'
import { logger } from './lib/logger.js'
import { schedule } from './lib/scheduler.js'
import { purgeIdempotencyKeys } from './lib/idempotency.js'
import { endTrials } from './services/subscriptions.js'
import { OutboxWorker } from './workers/outbox-worker.js'
import { refreshTaxRates } from './workers/tax-rates.js'
import { aggregateHour } from './workers/usage-aggregator.js'

const app = await buildApp()
const worker = new OutboxWorker()

app.get('/health', async (_req, reply) => {
  if (!(await healthy())) return reply.code(503).send({ status: 'unavailable' }) //= return: no  answered 503, healthy() logs
  return { status: 'ok' }
})

schedule('0 * * * *', () => aggregateHour())
schedule('15 * * * *', () => endTrials().then((count) => logger.info({ count }, 'trials ended')))
schedule('0 3 * * *', () => refreshTaxRates().catch((err) => logger.error({ err }, 'tax rates not refreshed'))) //= catch: no  logged
schedule('30 3 * * *', () => purgeIdempotencyKeys().catch(() => undefined)) //= catch: yes  a failing lock query reaches no log, the function logs only the deletion

let closing = false
async function close(signal: NodeJS.Signals) {
  if (closing) return //= return: no  already closing
  closing = true
  logger.info({ signal }, 'shutting down')
  await worker.stop()
  await app.close()
}

process.on('SIGTERM', close)
process.on('SIGINT', close)

try {
  await app.listen({ port: config.port, host: '0.0.0.0' })
  worker.start()
  console.log('billing is up') //= no-console  raw console
} catch (err) { //= catch: no  logged, process ends
  logger.fatal(err, 'could not start')
  process.exit(1)
}
