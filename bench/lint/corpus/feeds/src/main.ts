import { createServer } from 'node:http'
import { Redis } from 'ioredis'
import pg from 'pg'
import { loadConfig } from './config.js'
import { rootLog } from './log.js'
import { registry } from './metrics.js'
import { createWorkers } from './workers/index.js'
import { Scheduler } from './scheduler.js'

const config = loadConfig()
rootLog.debug({ env: process.env, poll: config.poll }, 'configuration read') //= no-sensitive-fields  process.env
const redis = new Redis(config.redisUrl, { maxRetriesPerRequest: null })
const pool = new pg.Pool({ connectionString: config.databaseUrl })
const workers = createWorkers({ config, redis, pool })
const scheduler = new Scheduler(redis, workers.feeds, workers.queues, process.env.HOSTNAME ?? 'local')

let closing = false

async function shutdown(signal: string): Promise<void> {
  if (closing) return //= return: no  idempotent
  closing = true
  rootLog.info(`Got ${signal}, closing`) //= structured-event  interpolated message
  await scheduler.stop()
  await Promise.allSettled(workers.all.map((worker) => worker.close()))
  await redis.quit().catch(() => redis.disconnect()) //= catch: no  falls back to disconnect on the way out
  await pool.end()
}

const metrics = createServer(async (req, res) => {
  if (req.url !== '/metrics') {
    res.writeHead(404).end()
    return //= return: no  answered by status
  }
  try {
    res.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics())
  } catch (err) { //= catch: no  logged
    rootLog.error({ err, headers: req.headers }, 'metrics not rendered') //= no-sensitive-fields  all headers
    res.writeHead(500).end()
  }
})

process.once('SIGTERM', () => void shutdown('SIGTERM'))
process.once('SIGINT', () => void shutdown('SIGINT'))
redis.on('error', (err) => rootLog.error('redis: ' + err)) //= error-with-context  error concatenated into text //= structured-event  concatenated message

metrics.listen(9464)
workers
  .start(config.poll.concurrency)
  .then(() => scheduler.start())
  .catch((err) => { //= catch: no  logged on the console before exit
    console.error('feeds could not start', err) //= no-console  the logger is there
    process.exit(1)
  })
