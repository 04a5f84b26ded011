import http from 'node:http'
import { readConfig } from './config'
import { connectDeps } from './deps'
import { makeApp } from './http/app'
import { makeRuntime } from './consumers/runtime'
import { makeOrderPlacedHandler } from './consumers/order-placed'
import { makeOrderCancelledHandler } from './consumers/order-cancelled'
import { makeTrackingUpdatedHandler } from './consumers/tracking-updated'
import { makeCloseManifests } from './jobs/close-manifests'
import { makeSweepPickups } from './jobs/sweep-pickups'
import { createLogger } from './shared/logger'

const log = createLogger('main')

const every = (name: string, ms: number, run: () => Promise<unknown>) => {
  let busy = false
  return setInterval(async () => {
    if (busy) return  //= return: no  overlap guard of a timer, next tick runs it
    busy = true
    try {
      await run()
    } catch (error) {  //= catch: no  logged
      log.error('job_failed', { job: name, error })
    } finally {
      busy = false
    }
  }, ms)
}

const start = async () => {
  const config = readConfig(process.env)
  log.info('starting', { env: process.env })  //= no-sensitive-fields  the whole environment
  const deps = await connectDeps(config)

  const runtime = makeRuntime(deps)
  runtime.subscribe({ topic: 'orders.placed', decode: JSON.parse, handle: makeOrderPlacedHandler(deps) })
  runtime.subscribe({ topic: 'orders.cancelled', decode: JSON.parse, handle: makeOrderCancelledHandler(deps) })
  runtime.subscribe({ topic: 'tracking.updated', decode: JSON.parse, handle: makeTrackingUpdatedHandler(deps) })
  await runtime.start()

  const timers = [
    every('close-manifests', 5 * 60_000, makeCloseManifests(deps)),
    every('sweep-pickups', 60 * 60_000, makeSweepPickups(deps)),
  ]
  const server = http.createServer(makeApp(deps)).listen(config.port)

  let stopping = false
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) return  //= return: no  second signal while stopping
    stopping = true
    log.info('stopping', { signal })
    timers.forEach(clearInterval)
    server.close()
    await runtime.stop()
    await deps.db.$disconnect()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

start().catch((error) => {  //= catch: no  logged before exit
  log.error('start_failed', { error })
  process.exitCode = 1
})
