import type { Examples } from '../rule.js'

export const examples: Examples = {
  valid: [
    {
      says: "Telltale's exception, with the error and its ids",
      code: `import { getLogger } from 'telltale'
const log = getLogger('grading')
grade(essay).catch((error) => log.exception('essay_not_graded', error, { essay_id: essay.id }))`,
      shown: true,
    },
    {
      says: 'the error object under the key that pino serialises',
      code: `import pino from 'pino'
const logger = pino()
try {
  await send(mail)
} catch (err) {
  logger.error({ err, mailId: mail.id }, 'mail not sent')
}`,
      shown: true,
    },
    {
      says: 'the message in the text, and the object beside it',
      code: `try {
  await post(hook)
} catch (err) {
  Logger.error('hooks', \`Could not post: \${err.message}\`, err)
}`,
    },
    {
      says: "Nest's signature: the text, then the stack",
      code: `import { Logger } from '@nestjs/common'
class Speech {
  private readonly logger = new Logger(Speech.name)
  async say(text: string) {
    try {
      await this.engine.say(text)
    } catch (error) {
      this.logger.error(\`Speech failed: \${error.message}\`, error.stack)
    }
  }
}`,
    },
    {
      says: 'the stack, or the message where there is none',
      code: `sync().catch((error) => {
  logger.error('Sync failed:', error.stack || error.message)
})`,
    },
    {
      says: 'a serialised error',
      code: `sync().catch((err) => {
  logger.error({ error: serializeError(err), message: err.message }, 'sync failed')
})`,
    },
    {
      says: 'another call of the same handler reports it whole',
      code: `import * as Sentry from '@sentry/node'
try {
  await sync(account)
} catch (err) {
  Sentry.captureException(err)
  logger.error(\`sync failed: \${err.message}\`)
}`,
    },
    {
      says: 'an error of a known kind, whose text is the reason',
      code: `try {
  await upload(file)
} catch (err) {
  if (err instanceof QuotaExceeded) logger.info({ file, reason: err.message }, 'upload refused')
  else throw err
}`,
      shown: true,
    },
    {
      says: 'an error of one code',
      code: `try {
  await unlink(file)
} catch (err) {
  if (err.code === 'ENOENT') logger.debug(\`nothing to remove: \${err.message}\`)
  else throw err
}`,
    },
    {
      says: 'a listener for something else',
      code: `socket.on('message', (e) => logger.debug({ text: e.message }, 'message received'))`,
    },
    {
      says: 'a message that is no error’s',
      code: `export function onMessage(event: MessageEvent) {
  logger.info({ message: event.message }, 'message received')
}`,
    },
    {
      says: 'an `error` that an API answers with',
      code: `const { data, error } = await api.post('/labels', label)
if (error) logger.warn({ reason: error.message }, 'label refused')`,
    },
    {
      says: 'a parameter of the name that is a string',
      code: `export function fail(error: string) {
  logger.error(\`failed: \${error}\`)
}`,
    },
    {
      says: 'the text of an error for the customer',
      code: `try {
  await pay(order)
} catch (err) {
  logger.error({ err }, 'payment failed')
  reply.code(502).send({ error: err.message })
}`,
    },
    {
      says: 'the status of a span, beside the exception',
      code: `async function traced(span: Span) {
  try {
    return await work()
  } catch (error) {
    span.recordException(error as Error)
    span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message })
    throw error
  }
}`,
    },
    {
      says: 'the printout of a command-line program',
      code: `#!/usr/bin/env node
main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})`,
      language: 'js',
    },
    {
      says: 'a bunyan line whose placeholder inspects the error',
      code: `const log = require('bunyan').createLogger({ name: 'feeds' })
poll().catch((err) => log.error('poll failed: %o', err))`,
      language: 'cjs',
    },
    {
      says: 'a new error with its cause',
      code: `try {
  await bucket.put(key, body)
} catch (err) {
  throw new Error(\`upload of \${key} failed\`, { cause: err })
}`,
      shown: true,
    },
    {
      says: 'a new error of a class that takes the other one',
      code: `try {
  await bucket.put(key, body)
} catch (err) {
  throw new StorageError('upload failed', key, err)
}`,
    },
    {
      says: 'the cause of the cause',
      code: `work().catch((error) => {
  throw new JobError('job failed', { cause: error.cause })
})`,
    },
    {
      says: 'errors that are collected',
      code: `async function first(sources: Source[]) {
  const errors: unknown[] = []
  for (const source of sources) {
    try {
      return await source.read()
    } catch (error) {
      errors.push(error)
    }
  }
  throw new AggregateError(errors, 'none of the sources answered')
}`,
    },
    {
      says: 'an answer for a fault of the caller',
      code: `import { BadRequestException, ConflictException, HttpException, HttpStatus } from '@nestjs/common'
async function register(input: Input) {
  try {
    return await accounts.insert(input)
  } catch (err) {
    if (isTooLong(err)) throw new BadRequestException('The name is too long')
    if (err instanceof Duplicate) throw new HttpException('taken', HttpStatus.CONFLICT)
    throw new ApiError(409, 'The name is taken')
  }
}`,
    },
    {
      says: 'a translation of one code, which says it all',
      code: `try {
  await rows.insert(row)
} catch (err) {
  if (err.code === '23505') throw new RowExistsError(row.id)
  throw err
}`,
    },
    {
      says: 'a probe without a name for the error',
      code: `async function configOf(file: string) {
  try {
    return await readFile(file, 'utf8')
  } catch {
    throw new Error(\`there is no \${file}\`)
  }
}`,
    },
    {
      says: 'what is no Error made one',
      code: `work().catch((error: unknown) => {
  if (error instanceof Error) callback(error)
  else callback(new Error(String(error)))
})`,
    },
    {
      says: 'an error of the handler’s own attempt',
      code: `try {
  await make(path)
} catch (error) {
  try {
    if (!(await stat(path)).isDirectory()) throw new Error('it is a file')
  } catch {
    throw error
  }
}`,
    },
    {
      says: 'the rest of a handler that throws all others on',
      code: `try {
  await upload(file)
} catch (err) {
  if (!(err instanceof QuotaExceeded)) throw err
  logger.info({ file, reason: err.message }, 'upload refused')
}`,
    },
    {
      says: 'a new error in a function inside of the handler, which runs later',
      code: `try {
  await work()
} catch (err) {
  timers.set(() => {
    throw new Error('too late')
  })
  throw err
}`,
    },
    {
      says: 'the ids are told',
      code: `async function remind(orderId: string) {
  try {
    await send(orderId)
  } catch (err) {
    logger.error({ err, orderId }, 'reminder failed')
  }
}`,
      options: { ids: true },
    },
    {
      says: 'a logger of the request, which has its ids',
      code: `app.get('/orders/:id', async (req, res) => {
  await show(req.params.id).catch((err) => req.log.error({ err }, 'order not shown'))
})
async function show(id: string) {}`,
      options: { ids: true },
    },
    {
      says: "the error as an argument of a logging function of one's own",
      code: `import { logFailure } from '../log.js'
export async function scan(attachmentId: string) {
  try {
    await scanner.run(attachmentId)
  } catch (error) {
    logFailure('scan_failed', error, { attachmentId })
  }
}`,
    },
    {
      says: 'what a call was answered with, beside the error or under a name of its own',
      code: `async function push(device: Device) {
  try {
    await provider.send(device)
  } catch (err) {
    logger.error({ err, body: err.body }, 'push failed')
    logger.warn({ status: err.response.status, answer: err.response.data }, 'push refused')
    logger.warn({ error: err.code }, 'push refused')
  }
}`,
    },
    {
      says: 'a serialiser for the key that is used',
      code: `import pino from 'pino'
const logger = pino({ level: 'info', serializers: { error: pino.stdSerializers.err } }).child({ part: 'mail' })
send(mail).catch((error) => logger.error({ error }, 'mail not sent'))`,
    },
    {
      says: 'a key of a logger that is made elsewhere, by options that are not in sight',
      code: `import pino from 'pino'
import { options } from './log-options.js'
import { audit } from './audit-log.js'
const logger = pino(options)
send(mail).catch((error) => {
  logger.error({ error }, 'mail not sent')
  audit.error({ error }, 'mail not sent')
})`,
    },
    {
      says: 'an error that is serialised, or its stack, under any key of pino',
      code: `import pino from 'pino'
const logger = pino()
send(mail).catch((error) => {
  logger.error({ error: serializeError(error) }, 'mail not sent')
  logger.error({ error: error.stack }, 'mail not sent')
})`,
    },
    {
      says: 'the error before the text, and alone',
      code: `import pino from 'pino'
const logger = pino()
send(mail).catch((e) => logger.error(e, 'mail not sent'))
redis.on('error', (e) => logger.error(e))`,
    },
    {
      says: 'another order of the arguments, by a hook',
      code: `import pino from 'pino'
const logger = pino({ hooks: { logMethod(given, method) { method.apply(this, given.reverse()) } } })
send(mail).catch((err) => logger.error('mail not sent', err))`,
    },
    {
      says: 'bunyan with its serialisers, and an error after the text, which it inspects',
      code: `import bunyan from 'bunyan'
const log = bunyan.createLogger({ name: 'mail', serializers: bunyan.stdSerializers })
send(mail).catch((err) => log.error({ err }, 'mail not sent'))
redis.on('error', (err) => log.error('redis failed', err))`,
    },
    {
      says: 'winston, the error right after the text, and alone where the format has errors',
      code: `import winston from 'winston'
const { combine, errors, json } = winston.format
const logger = winston.createLogger({
  format: combine(errors({ stack: true }), json()),
  transports: [new winston.transports.Console()],
})
send(mail).catch((err) => {
  logger.child({ mailId: mail.id }).error('mail not sent', err)
  logger.error(err)
})`,
    },
    {
      says: 'winston with a format of its own, which may print a field’s error',
      code: `import { createLogger, format, transports } from 'winston'
const logger = createLogger({
  format: format.combine(format.timestamp(), format.printf(({ message, err }) => message + err.stack)),
  transports: [new transports.Console()],
})
send(mail).catch((err) => logger.error('mail not sent', { err }))`,
    },
    {
      says: 'a new error that gets its cause later, one that is returned beside the log line, one of the caller’s',
      code: `async function pay(order: Order) {
  try {
    await provider.charge(order)
  } catch (err) {
    const wrapped = new Error('not charged')
    wrapped.cause = err
    throw wrapped
  }
}
async function tryPay(order: Order) {
  try {
    await provider.charge(order)
  } catch (err) {
    logger.error({ err, orderId: order.id }, 'not charged')
    return new Error('not charged')
  }
}
async function read(body: string) {
  try {
    return await parse(body)
  } catch (err) {
    if (err.code === 'EMPTY') throw 'empty'
    throw BadRequestError('not readable')
  }
}`,
      language: 'ts',
    },
    {
      says: 'a text that is thrown where nothing was caught',
      code: `export function assertOpen(order: Order) {
  if (order.closed) throw 'closed'
}`,
    },
    {
      says: 'what is spread of an error beside its stack',
      code: `send(mail).catch((err) => logger.error({ ...err, message: err.message, stack: err.stack }, 'mail not sent'))`,
    },
  ],
  invalid: [
    {
      says: 'an error after the text, of which pino prints nothing',
      code: `import pino from 'pino'
const logger = pino()
try {
  await send(mail)
} catch (err) {
  logger.error('mail not sent', err)
}`,
      finds: [{ id: 'lost', line: 6 }],
      suggested: `import pino from 'pino'
const logger = pino()
try {
  await send(mail)
} catch (err) {
  logger.error({ err }, 'mail not sent')
}`,
      shown: true,
    },
    {
      says: 'an error after fields and text, and one for `%o`',
      code: `import type { Logger } from 'pino'
export function watch(redis: Redis, logger: Logger) {
  redis.on('error', (e) => logger.error({ part: 'redis' }, 'redis failed', e))
  redis.on('error', (e) => logger.error('redis failed: %o', e))
}`,
      finds: ['lost', 'lost'],
    },
    {
      says: 'a key that pino has no serialiser for, where its logger is made without one',
      code: `import pino from 'pino'
const logger = pino({ level: 'info' })
const log = logger.child({ part: 'mail' })
send(mail).catch((e) => log.error({ mailId: mail.id, error: e }, 'mail not sent'))
redis.on('error', (e) => log.error({ e }, 'redis failed'))`,
      finds: [
        { id: 'lost', line: 4 },
        { id: 'lost', line: 5 },
      ],
      suggested: `import pino from 'pino'
const logger = pino({ level: 'info' })
const log = logger.child({ part: 'mail' })
send(mail).catch((e) => log.error({ mailId: mail.id, err: e }, 'mail not sent'))
redis.on('error', (e) => log.error({ e }, 'redis failed'))`,
      shown: true,
    },
    {
      says: 'bunyan without serialisers',
      code: `const log = require('bunyan').createLogger({ name: 'feeds' })
poll().catch((err) => log.error({ err }, 'poll failed'))`,
      language: 'cjs',
      finds: ['lost'],
      suggested: `const log = require('bunyan').createLogger({ name: 'feeds' })
poll().catch((err) => log.error(err, 'poll failed'))`,
    },
    {
      says: 'bunyan, a key that its serialisers do not know',
      code: `import bunyan from 'bunyan'
class Feeds {
  private readonly log = bunyan.createLogger({ name: 'feeds', serializers: bunyan.stdSerializers })
  poll() {
    return this.feed.poll().catch((error) => this.log.error({ error }, 'poll failed'))
  }
}`,
      finds: ['lost'],
      suggested: `import bunyan from 'bunyan'
class Feeds {
  private readonly log = bunyan.createLogger({ name: 'feeds', serializers: bunyan.stdSerializers })
  poll() {
    return this.feed.poll().catch((error) => this.log.error({ err: error }, 'poll failed'))
  }
}`,
    },
    {
      says: 'winston, an error among the fields',
      code: `import { createLogger, format, transports } from 'winston'
const logger = createLogger({
  format: format.combine(format.errors({ stack: true }), format.json()),
  transports: [new transports.Console()],
})
send(mail).catch((err) => logger.error('mail not sent', { err, mailId: mail.id }))`,
      finds: ['lost'],
      suggested: `import { createLogger, format, transports } from 'winston'
const logger = createLogger({
  format: format.combine(format.errors({ stack: true }), format.json()),
  transports: [new transports.Console()],
})
send(mail).catch((err) => logger.child({ mailId: mail.id }).error('mail not sent', err))`,
      shown: true,
    },
    {
      says: 'winston, an error alone without the format for it, after the fields, and the only field',
      code: `import winston from 'winston'
const logger = winston.createLogger({ transports: [new winston.transports.Console()] })
send(mail).catch((err) => {
  logger.error('mail not sent', { err })
  logger.error(err)
  logger.log('error', 'mail not sent', { mailId: mail.id }, err)
})`,
      finds: ['lost', 'lost', 'lost'],
      suggested: `import winston from 'winston'
const logger = winston.createLogger({ transports: [new winston.transports.Console()] })
send(mail).catch((err) => {
  logger.error('mail not sent', err)
  logger.error(err)
  logger.log('error', 'mail not sent', { mailId: mail.id }, err)
})`,
    },
    {
      says: 'a new error that is thrown by its name, made without `new`, or returned',
      code: `async function pay(order: Order) {
  try {
    await provider.charge(order)
  } catch (err) {
    const wrapped = new Error('not charged')
    wrapped.code = 'E_PAY'
    throw wrapped
  }
}
const refund = (order: Order) =>
  provider.refund(order).catch((err) => {
    throw Error('not refunded')
  })
const charge = (order: Order) => provider.charge(order).catch((err) => new Error('not charged'))`,
      finds: [
        { id: 'cause', line: 5 },
        { id: 'cause', line: 12 },
        { id: 'cause', line: 14 },
      ],
      suggested: `async function pay(order: Order) {
  try {
    await provider.charge(order)
  } catch (err) {
    const wrapped = new Error('not charged', { cause: err })
    wrapped.code = 'E_PAY'
    throw wrapped
  }
}
const refund = (order: Order) =>
  provider.refund(order).catch((err) => {
    throw Error('not refunded')
  })
const charge = (order: Order) => provider.charge(order).catch((err) => new Error('not charged'))`,
    },
    {
      says: 'a problem, and what a promise is rejected with in a handler',
      code: `import { PaymentProblem } from './problems.js'
function pay(order: Order) {
  try {
    return provider.chargeNow(order)
  } catch (err) {
    if (order.express) throw new PaymentProblem('not charged')
    return new Promise((_, reject) => reject(new Error('not charged')))
  }
}`,
      finds: [
        { id: 'cause', line: 6 },
        { id: 'cause', line: 7 },
      ],
    },
    {
      says: 'a text that is thrown in place of the error',
      code: `async function pay(order: Order) {
  try {
    await provider.charge(order)
  } catch (err) {
    if (order.express) throw 'not charged'
    throw err.message
  }
}`,
      finds: [
        { id: 'thrown', line: 5 },
        { id: 'thrown', line: 6 },
      ],
    },
    {
      says: 'what is spread of an error',
      code: `send(mail).catch((err) => console.error('mail not sent', { ...err, mailId: mail.id }))`,
      finds: ['lost'],
    },
    {
      says: 'the message alone',
      code: `import { getLogger } from 'telltale'
const log = getLogger('grading')
try {
  await grade(essay)
} catch (error) {
  log.error('essay_not_graded', { essay_id: essay.id, error: (error as Error).message })
}`,
      finds: [{ id: 'text', line: 6 }],
      suggested: `import { getLogger } from 'telltale'
const log = getLogger('grading')
try {
  await grade(essay)
} catch (error) {
  log.error('essay_not_graded', { essay_id: essay.id, error })
}`,
      shown: true,
    },
    {
      says: 'the error made a string, for pino',
      code: `import pino from 'pino'
const logger = pino()
send(mail).catch((e) => logger.error({ mailId: mail.id, error: String(e) }, 'mail not sent'))`,
      finds: ['text'],
      suggested: `import pino from 'pino'
const logger = pino()
send(mail).catch((e) => logger.error({ mailId: mail.id, err: e }, 'mail not sent'))`,
      shown: true,
    },
    {
      says: 'the error in a template',
      code: `try {
  await connect()
} catch (err) {
  this.logger.warn(\`SMTP is not reachable: \${err}\`)
}`,
      finds: [{ id: 'text', line: 4 }],
    },
    {
      says: 'the error joined to a text, in a listener',
      code: `const log = require('bunyan').createLogger({ name: 'feeds' })
redis.on('error', (err) => log.error('redis: ' + err))`,
      language: 'cjs',
      finds: ['text'],
    },
    {
      says: 'the usual conditional for what may be no Error',
      code: `try {
  await connect()
} catch (error) {
  this.logger.error(\`Failed: \${error instanceof Error ? error.message : String(error)}\`)
}`,
      finds: [{ id: 'text', line: 4 }],
    },
    {
      says: 'the text by way of a constant',
      code: `try {
  await connect()
} catch (error) {
  const message = error instanceof Error ? error.message : 'unknown'
  logger.error({ message }, 'not connected')
}`,
      finds: [{ id: 'text', line: 5 }],
    },
    {
      says: 'the text by way of a function',
      code: `connect().catch((error: unknown) => logger.error({ reason: getErrorMessage(error) }, 'not connected'))`,
      finds: ['text'],
    },
    {
      says: 'the message taken out of the error where it is caught',
      code: `try {
  await connect()
} catch ({ message }) {
  logger.error(message)
}`,
      language: 'js',
      finds: [{ id: 'text', line: 4 }],
    },
    {
      says: 'winston, with a placeholder',
      code: `const winston = require('winston')
const logger = winston.createLogger()
fax.status(id).catch((err) => logger.warn('Status not stored: %s', err, { id }))`,
      language: 'cjs',
      finds: ['text'],
    },
    {
      says: 'an error as JSON, which is `{}`',
      code: `work().catch((err) => console.error('work failed', JSON.stringify(err)))`,
      finds: ['text'],
    },
    {
      says: 'a callback’s error, cut',
      code: `transport.send(mail, (err, info) => {
  if (err) logger.error('Mail failed', { reason: err.message.slice(0, 200) })
})`,
      finds: [{ id: 'text', line: 2 }],
    },
    {
      says: 'what a listener for failures is given, under any name',
      code: `worker.on('failed', (job, e) => logger.error({ jobId: job.id, reason: e.message }, 'job failed'))
redis.on('error', (e) => logger.error(\`redis: \${e}\`))`,
      finds: [
        { id: 'text', line: 1 },
        { id: 'text', line: 2 },
      ],
    },
    {
      says: 'the reason of a promise that was rejected',
      code: `for (const result of await Promise.allSettled(sends))
  if (result.status === 'rejected') logger.warn({ reason: result.reason.message }, 'not sent')`,
      finds: [{ id: 'text', line: 2 }],
    },
    {
      says: "a tracker's message",
      code: `import * as Sentry from '@sentry/node'
work().catch((err) => {
  Sentry.captureMessage(err.message)
})`,
      finds: [{ id: 'text', line: 3 }],
    },
    {
      says: 'a wrapper that settings name',
      code: `work().catch((err) => audit.record('work_failed', { reason: err.message }))`,
      settings: { wrappers: [{ name: 'audit.record' }] },
      finds: ['text'],
    },
    {
      says: 'a new error without the one that was caught',
      code: `try {
  await bucket.put(key, body)
} catch (err) {
  throw new Error(\`upload of \${key} failed\`)
}`,
      finds: [{ id: 'cause', line: 4 }],
      suggested: `try {
  await bucket.put(key, body)
} catch (err) {
  throw new Error(\`upload of \${key} failed\`, { cause: err })
}`,
      shown: true,
    },
    {
      says: 'the message of the old one in the new one',
      code: `import { InternalServerErrorException } from '@nestjs/common'
save(order).catch((cause) => {
  throw new InternalServerErrorException('Not saved: ' + cause.message)
})`,
      finds: [{ id: 'cause', line: 3 }],
      suggested: `import { InternalServerErrorException } from '@nestjs/common'
save(order).catch((cause) => {
  throw new InternalServerErrorException('Not saved: ' + cause.message, { cause })
})`,
    },
    {
      says: 'an error made of an error, which makes a text of it',
      code: `const createNew = async (data) => {
  try {
    await rows.insertOne(data)
  } catch (error) {
    throw new Error(error)
  }
}`,
      language: 'js',
      finds: [{ id: 'cause', line: 5 }],
      suggested: `const createNew = async (data) => {
  try {
    await rows.insertOne(data)
  } catch (error) {
    throw new Error(error, { cause: error })
  }
}`,
    },
    {
      says: 'a new error for the log',
      code: `try {
  await share.revoke()
} catch (err) {
  Logger.error('task', 'Could not revoke share', new ShareError(String(err)), { shareId: share.id })
}`,
      finds: [{ id: 'cause', line: 4 }],
    },
    {
      says: 'an error that is rejected with',
      code: `const read = (file) =>
  new Promise((resolve, reject) => {
    open(file).then(resolve).catch((err) => reject(new ReadError(file)))
  })`,
      language: 'js',
      finds: [{ id: 'cause', line: 3 }],
    },
    {
      says: 'an error that is not even named',
      code: `try {
  await provider.charge(order)
} catch {
  throw new Error('charge failed')
}`,
      finds: [{ id: 'unnamed', line: 4 }],
    },
    {
      says: 'an id at hand that is not told, where the options ask for it',
      code: `async function remind(orderId: string) {
  try {
    await send(orderId)
  } catch (err) {
    logger.error({ err }, 'reminder failed')
  }
}`,
      options: { ids: true },
      finds: [{ id: 'ids', line: 5 }],
    },
    {
      says: "text given to a logging function of one's own",
      code: `import { logEvent, logFailure } from '../log.js'
export async function scan(attachmentId: string) {
  try {
    await scanner.run(attachmentId)
  } catch (error) {
    logFailure('scan_failed', \`\${error}\`, { attachmentId })
    logEvent('scan_ended', { reason: String(error) })
  }
}`,
      finds: ['text', 'text'],
    },
    {
      says: 'the message of an error that is cast first',
      code: `async function cancel(id: string) {
  try {
    await db.cancel(id)
  } catch (e) {
    throw new Error(\`could not cancel: \${(e as Error).message}\`)
  }
}`,
      finds: ['cause'],
      suggested: `async function cancel(id: string) {
  try {
    await db.cancel(id)
  } catch (e) {
    throw new Error(\`could not cancel: \${(e as Error).message}\`, { cause: e })
  }
}`,
    },
    {
      says: 'what a call was answered with, under the name of the error',
      code: `async function push(device: Device) {
  try {
    await provider.send(device)
  } catch (err) {
    logger.warn({ msg: 'push_failed', deviceId: device.id, err: err.body })
  }
}`,
      finds: ['text'],
    },
    {
      says: 'a message in parentheses, behind which no cause can be put',
      code: `try {
  await bank.pay(order)
} catch (error) {
  throw new Error(('payment failed'))
}`,
      finds: ['cause'],
    },
    {
      says: 'another value of the name in between',
      code: `try {
  await bank.pay(order)
} catch (error) {
  for (const error of problems) throw new Error('payment failed')
}`,
      finds: ['cause'],
    },
    {
      says: 'the message without the error it was taken out of',
      code: `import pino from 'pino'
const log = pino()
try {
  await bank.pay(order)
} catch ({ message }) {
  log.error({ msg: message })
}`,
      finds: ['text'],
    },
    {
      says: 'a text of the error beside a key that is taken, beside other words, and below the top',
      code: `import pino from 'pino'
const log = pino()
run().catch((error) => log.error({ err: error.code, reason: error.message }, 'run failed'))
run().catch((error) => log.error({ reason: \`\${step} failed: \${error.message}\` }, 'run failed'))
run().catch((error) => log.error({ run: { reason: error.message } }, 'run failed'))
run().catch((error) => log.error({ reason: /* in short */ error.message }, 'run failed'))`,
      finds: ['text', 'text', 'text', 'text'],
    },
  ],
}
