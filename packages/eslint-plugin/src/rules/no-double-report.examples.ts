import type { Examples } from '../rule.js'

export const examples: Examples = {
  valid: [
    {
      says: "Telltale's form: the error object is reported once, however often it is told",
      code: `import { getLogger } from 'telltale'
const log = getLogger('store')
try {
  await save(order)
} catch (error) {
  log.exception('order_not_saved', error, { order_id: order.id })
  throw error
}`,
      shown: true,
    },
    {
      says: 'an error event of Telltale',
      code: `import { getLogger } from 'telltale'
const log = getLogger('store')
try {
  await save(order)
} catch (error) {
  log.error('order_not_saved', { error })
  throw error
}`,
    },
    {
      says: '`log.exception` of a logger that another file makes',
      code: `import { log } from './log.js'
try {
  await save(order)
} catch (error) {
  log.exception('order_not_saved', error)
  throw error
}`,
    },
    {
      says: 'the error is logged, and ends here',
      code: `const logger = require('pino')()
try {
  await send(mail)
} catch (err) {
  logger.error({ err, mailId: mail.id }, 'mail not sent')
}`,
      language: 'js',
    },
    {
      says: 'the error is thrown on with what is known here',
      code: `try {
  await send(mail)
} catch (err) {
  throw new Error(\`mail \${mail.id} not sent\`, { cause: err })
}`,
      shown: true,
    },
    {
      says: 'a warning that it is tried again',
      code: `import pino from 'pino'
const logger = pino()
try {
  await send(mail)
} catch (err) {
  logger.warn({ err, attempt }, 'mail not sent yet')
  throw err
}`,
      shown: true,
    },
    {
      says: 'one kind ends here, the others are thrown on',
      code: `const logger = require('./logger')
async function run() {
  try {
    await charge(order)
  } catch (err) {
    if (err instanceof CardDeclined) {
      logger.error('Card declined', { orderId: order.id, err })
      return { charged: false, reason: 'declined' }
    }
    throw err
  }
}`,
      language: 'js',
    },
    {
      says: 'one branch logs, the other throws',
      code: `try {
  await sync(account)
} catch (err) {
  if (isLast) logger.error({ err }, 'sync given up')
  else throw err
}`,
    },
    {
      says: 'the caller is told of a fault of his own',
      code: `try {
  claims = await verify(token)
} catch (err) {
  this.logger.error({ err }, 'token refused')
  throw new UnauthorizedException()
}`,
    },
    {
      says: 'a breadcrumb',
      code: `import * as Sentry from '@sentry/node'
try {
  await send(mail)
} catch (err) {
  Sentry.addBreadcrumb({ message: 'mail failed' })
  throw err
}`,
    },
    {
      says: 'a span keeps the error, which is no report',
      code: `async function run() {
  try {
    return await work(span)
  } catch (error) {
    span.recordException(error as Error)
    span.setStatus({ code: SpanStatusCode.ERROR })
    throw error
  }
}`,
    },
    {
      says: 'a metric counts it',
      code: `import { Counter } from 'prom-client'
const failures = new Counter({ name: 'failures_total', help: 'failures' })
try {
  await work()
} catch (error) {
  failures.inc()
  throw error
}`,
    },
    {
      says: 'a customer is told',
      code: `try {
  await work()
} catch (error) {
  await notifyFailure(customer)
  throw error
}`,
    },
    {
      says: 'the failure of the clean-up is logged, the first error thrown on',
      code: `try {
  await work(client)
} catch (error) {
  try {
    await client.query('rollback')
  } catch (err) {
    logger.error({ err }, 'rollback failed')
  }
  throw error
}`,
    },
    {
      says: 'a callback inside logs another error',
      code: `try {
  await work(file)
} catch (error) {
  await unlink(file).catch((err) => logger.error({ err, file }, 'file remains'))
  throw error
}`,
    },
    {
      says: 'logged and thrown outside of a handler',
      code: `export function pick(rows: Row[]) {
  if (rows.length > 1) {
    logger.error({ rows: rows.length }, 'more than one row')
    throw new Error('more than one row')
  }
  return rows[0]
}`,
    },
    {
      says: 'a detail for some errors, which the error itself does not have',
      code: `try {
  compile(source)
} catch (error) {
  if (source.isGenerated) this.logger.error('generated code:', source.text)
  throw error
}`,
    },
    {
      says: 'a hint on the console',
      code: `try {
  boot()
} catch (error) {
  console.error('Is the database running?')
  throw error
}`,
    },
    {
      says: 'a message given back to its queue',
      code: `channel.consume('orders', async (message) => {
  try {
    await handle(message)
  } catch (err) {
    logger.error({ err }, 'message refused')
    channel.nack(message)
  }
})`,
    },
    {
      says: 'a function of the same name that writes to a customer',
      code: `import { notifyFailure } from './letters.js'
async function pay(order: Order) {
  try {
    await bank.charge(order)
  } catch (error) {
    await notifyFailure(order, error)
    throw error
  }
}`,
    },
    {
      says: 'an answer that a framework takes by a throw',
      code: `export async function action() {
  try {
    await sessions.end()
  } catch (error) {
    logger.error(error)
    throw redirect('/login')
  }
}`,
    },
  ],
  invalid: [
    {
      says: 'logged and thrown again',
      code: `import pino from 'pino'
const logger = pino()
try {
  await save(order)
} catch (err) {
  logger.error({ err, orderId: order.id }, 'order not saved')
  throw err
}`,
      finds: [{ id: 'twice', line: 6 }],
      shown: true,
    },
    {
      says: 'logged and thrown in another one',
      code: `import { Logger } from '@nestjs/common'
class Carrier {
  private readonly logger = new Logger(Carrier.name)
  async label(shipment: Shipment) {
    try {
      return await this.client.label(shipment)
    } catch (err) {
      this.logger.error(err)
      throw new ServiceUnavailableException('Carrier is not available', { cause: err })
    }
  }
}`,
      finds: [{ id: 'twice', line: 8 }],
      shown: true,
    },
    {
      says: 'given to Sentry and thrown on',
      code: `import * as Sentry from '@sentry/node'
try {
  await job.run()
} catch (err) {
  Sentry.captureException(err, { extra: { job: job.id } })
  throw err
}`,
      finds: [{ id: 'twice', line: 5 }],
      shown: true,
    },
    {
      says: 'logged and reported and thrown: found once',
      code: `import * as Sentry from '@sentry/node'
try {
  await job.run()
} catch (err) {
  log.error({ err }, 'job failed')
  Sentry.captureException(err)
  throw err
}`,
      finds: [{ id: 'twice', line: 5 }],
    },
    {
      says: 'winston, in a handler of a promise',
      code: `const winston = require('winston')
const logger = winston.createLogger()
const save = (order) =>
  store.save(order).catch((err) => {
    logger.error('Order not saved', { orderId: order.id, err })
    throw err
  })`,
      language: 'cjs',
      finds: [{ id: 'twice', line: 5 }],
    },
    {
      says: 'the second handler of `then`',
      code: `save(order).then(publish, function (err) {
  logger.error('Order not saved', { err })
  return Promise.reject(err)
})`,
      language: 'js',
      finds: [{ id: 'twice', line: 2 }],
    },
    {
      says: "bunyan, and on to Express's error handler",
      code: `const log = require('bunyan').createLogger({ name: 'shop' })
app.post('/orders', async (req, res, next) => {
  try {
    res.json(await orders.create(req.body))
  } catch (err) {
    log.error({ err }, 'order not created')
    next(err)
  }
})`,
      language: 'cjs',
      finds: [{ id: 'twice', line: 6 }],
    },
    {
      says: 'logged, cleaned up, thrown',
      code: `try {
  await upload(file)
} catch (err) {
  logger.error({ err, file }, 'upload failed')
  await rm(file, { force: true })
  if (retries > 0) retries--
  throw err
} finally {
  release()
}`,
      finds: [{ id: 'twice', line: 4 }],
    },
    {
      says: 'logged in a branch, thrown after it',
      code: `try {
  await call(request)
} catch (err) {
  if (err.status >= 500) {
    logger.error({ err }, 'provider failed')
  }
  throw err
}`,
      finds: [{ id: 'twice', line: 5 }],
    },
    {
      says: 'a branch for what is expected, the rest logged and thrown',
      code: `async function run() {
  try {
    return await client.recording(room)
  } catch (err) {
    if (err.status === 404) return null
    logger.error('Recording could not be read', { room, err })
    throw err
  }
}`,
      finds: [{ id: 'twice', line: 6 }],
    },
    {
      says: 'a line for each error, which does not even name it',
      code: `try {
  await charge(order)
} catch (err) {
  logger.error('Charge failed', { orderId: order.id })
  throw err
}`,
      finds: [{ id: 'twice', line: 4 }],
    },
    {
      says: 'fatal is an error as well',
      code: `try {
  await connect()
} catch (err) {
  logger.fatal(err, 'no database')
  throw err
}`,
      finds: [{ id: 'twice', line: 4 }],
    },
    {
      says: 'the console',
      code: `try {
  await connect()
} catch (err) {
  console.error(err)
  throw err
}`,
      finds: [{ id: 'twice', line: 4 }],
    },
    {
      says: 'a wrapper that settings name',
      code: `try {
  await connect()
} catch (err) {
  alarm('no database', { err })
  throw err
}`,
      settings: { wrappers: [{ name: 'alarm', kind: 'report' }] },
      finds: [{ id: 'twice', line: 4 }],
    },
    {
      says: 'a function of the name of a report, and `reject`',
      code: `export const load = (path: string) =>
  new Promise((resolve, reject) => {
    read(path).then(resolve).catch((err) => {
      logError(err)
      reject(err)
    })
  })`,
      finds: [{ id: 'twice', line: 4 }],
    },
    {
      says: "a logging function of one's own",
      code: `import { logFailure } from '../log.js'
async function disable(subscriptionId: string) {
  try {
    await notifyOwner(subscriptionId)
  } catch (error) {
    logFailure('owner_not_notified', error, { subscriptionId })
    throw error
  }
}`,
      finds: ['twice'],
    },
  ],
}
