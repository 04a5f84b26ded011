import { serve } from '@hono/node-server'
import { WebSocketServer } from 'ws'
import { getLogger, health, onShutdown, setup } from 'telltale'
import { createApp } from './app.js'
import { attach } from './live/sessions.js'
import { createPaymentServer } from './webhooks/payments.js'
import { startClosing } from './jobs/close-expired.js'
import { pool } from './pool.js'
import { featureFlags } from './feature-flags.js'

setup({ service: 'assessments', version: process.env.APP_VERSION ?? '0.0.0' })
const log = getLogger('server')

health.check('database', () => pool.query('select 1'))

const server = serve({ fetch: createApp().fetch, port: Number(process.env.PORT ?? 8080) })
attach(new WebSocketServer({ server: server as never, path: '/live' }))
createPaymentServer().listen(Number(process.env.WEBHOOK_PORT ?? 8081))

async function startJobs(): Promise<void> {
  if (process.env.JOBS === 'off') return log.skip('jobs_skipped', { reason: 'switched_off' }) //= return: no  log.skip
  const enabled = await featureFlags.get('close_expired').catch(() => true) //= catch: maybe  safe default, but the flag service is down unseen
  if (!enabled) return //= return: yes  expired attempts are never closed, no trace of the flag
  const stop = startClosing(15_000)
  onShutdown(stop)
  log.info('jobs_started', { config: process.env }) //= no-sensitive-fields  process.env
}

try {
  await startJobs()
} catch (error) { //= catch: no  logged before exit
  log.exception('start_failed', error)
  console.error('start failed, see the log') //= no-console  besides the logger
  process.exitCode = 1
}
