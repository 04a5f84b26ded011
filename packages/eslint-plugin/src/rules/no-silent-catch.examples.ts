import type { Examples } from '../rule.js'

export const examples: Examples = {
  valid: [
    {
      says: 'the error is logged with telltale',
      shown: true,
      code: `
import { getLogger } from 'telltale'
const log = getLogger('digests')

export async function send(reader: Reader) {
  try {
    await mailer.send(reader.email)
  } catch (error) {
    log.exception('digest_not_sent', error, { reader_id: reader.id })
  }
}`,
    },
    {
      says: 'the error is logged with pino',
      code: `
import pino from 'pino'
const logger = pino()

async function refresh() {
  try {
    await cache.refresh()
  } catch (err) {
    logger.warn({ err }, 'cache could not be refreshed')
  }
}`,
      language: 'js',
    },
    {
      says: 'Sentry gets it',
      code: `
import * as Sentry from '@sentry/node'

export async function run(job: Job) {
  await perform(job).catch((error) => {
    Sentry.captureException(error, { tags: { job: job.name } })
  })
}`,
    },
    {
      says: 'the span records it',
      code: `
import { trace } from '@opentelemetry/api'

export async function quote() {
  const span = trace.getTracer('shop').startSpan('quote')
  try {
    return await carrier.quote()
  } catch (err) {
    span.recordException(err as Error)
    return []
  } finally {
    span.end()
  }
}`,
    },
    {
      says: 'Nest logs its stack',
      code: `
import { Logger } from '@nestjs/common'

export class Points {
  private readonly logger = new Logger(Points.name)
  async credit(orderId: string) {
    try {
      await this.accounts.increment(orderId)
    } catch (err) {
      this.logger.error(\`no points for \${orderId}\`, err.stack)
    }
  }
}`,
    },
    {
      says: 'it is thrown on',
      shown: true,
      code: `
export async function charge(id: string) {
  try {
    await provider.charge(id)
  } catch (cause) {
    throw new PaymentError('charge failed', { cause })
  }
}`,
    },
    {
      says: 'what is known is handled, and all else thrown',
      shown: true,
      code: `
export async function follow(userId: string, feedId: string) {
  try {
    await follows.insert({ userId, feedId })
  } catch (error) {
    if (error.code !== '23505') throw error
  }
}`,
    },
    {
      says: 'the caller gets it',
      code: `
async function attempt(task) {
  try {
    return [await task(), null]
  } catch (error) {
    return [null, error]
  }
}`,
      language: 'js',
    },
    {
      says: 'it goes on to Express',
      code: `
app.get('/orders', async (req, res, next) => {
  try {
    res.json(await orders.list())
  } catch (error) {
    next(error)
  }
})`,
      language: 'cjs',
    },
    {
      says: 'it is kept for later',
      code: `
export async function deliver(all: Message[]) {
  const errors: unknown[] = []
  for (const each of all) {
    try {
      await transport.send(each)
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 0) throw new AggregateError(errors)
}`,
    },
    {
      says: 'it is stored with the job',
      code: `
export async function work(job: Job) {
  try {
    await run(job)
  } catch (error) {
    await jobs.update(job.id, { state: 'failed', reason: error.message })
  }
}`,
    },
    {
      says: 'text is tried as JSON',
      shown: true,
      code: `
export function read(text: string) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}`,
    },
    {
      says: 'a URL is tried',
      code: `
const isUrl = (text) => {
  try {
    new URL(text)
    return true
  } catch {
    return false
  }
}`,
      language: 'js',
    },
    {
      says: 'a token is verified',
      code: `
export function userOf(token: string) {
  try {
    return jwt.verify(token, secret).sub
  } catch {
    return null
  }
}`,
    },
    {
      says: 'a module is looked for at the top level',
      code: `
let sharp
try {
  sharp = (await import('sharp')).default
} catch {
  sharp = undefined
}`,
      language: 'js',
    },
    {
      says: 'a module is looked for with require',
      code: `
let native = null
try {
  native = require('./build/native.node')
} catch (_) {}
module.exports = native`,
      language: 'cjs',
    },
    {
      says: 'whether a file is there is the question',
      code: `
export async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}`,
    },
    {
      says: 'whether it is up is the question',
      code: `
class Database {
  async isHealthy() {
    try {
      await this.pool.query('select 1')
      return true
    } catch {
      return false
    }
  }
}`,
    },
    {
      says: 'a comment says why the error does not matter',
      shown: true,
      code: `
export async function release(lock: Lock) {
  try {
    await redis.eval(script, lock.key, lock.token)
  } catch {
    // it expires by itself within a minute
  }
}`,
    },
    {
      says: 'a comment in the handler says why',
      code: `
export const warm = () =>
  cache.load('catalog').catch(() => {
    // the first request loads it
  })`,
    },
    {
      says: 'a connection is closed on the way out',
      code: `
process.on('SIGTERM', async () => {
  await redis.quit().catch(() => redis.disconnect())
  try {
    socket.destroy()
  } catch {}
})`,
      language: 'js',
    },
    {
      says: 'a rollback fails beside the error that is thrown on',
      code: `
export async function transaction(work: Work) {
  const client = await pool.connect()
  try {
    await client.query('begin')
    return await work(client)
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}`,
    },
    {
      says: 'a body that is not JSON is answered',
      code: `
app.post('/attempts', async (c) => {
  const body = Schema.safeParse(await c.req.json().catch(() => null))
  if (!body.success) return c.json({ error: 'invalid' }, 400)
  return c.json(await attempts.start(body.data))
})`,
    },
    {
      says: 'a promise is waited for elsewhere',
      code: `
export async function page(id: string) {
  const related = search.related(id)
  related.catch(() => {})
  const article = await articles.get(id)
  return { article, related: await related }
}`,
    },
    {
      says: 'an assertion had to fail',
      code: `
test('refuses', () => {
  try {
    app.get('/', null)
    assert.fail()
  } catch (error) {
    assert.ok(true)
  }
})`,
      language: 'js',
    },
    {
      says: 'the client is told that he was at fault',
      code: `
app.get('/files/:name', async (req, res) => {
  try {
    res.end(await files.read(req.params.name))
  } catch {
    res.status(404).end()
  }
})`,
      language: 'js',
    },
    {
      says: 'it is tried again, and the last attempt throws',
      code: `
async function load(id, left = 3) {
  if (left === 0) return api.load(id)
  return api.load(id).catch(() => load(id, left - 1))
}`,
      language: 'js',
    },
    {
      says: 'what is missing is thrown of right after',
      code: `
export async function importRows(id: string) {
  const file = await storage.open(id).catch(() => null)
  if (!file) throw new Error('The file could not be opened.')
  await rows.insert(file)
}`,
    },
    {
      says: 'a count for the makers is lost',
      code: `
export function onStart(version: string) {
  telemetry.send('started', { version }).catch(() => {})
}`,
    },
    {
      says: 'a function of another name handles it',
      code: `
export function start() {
  consume(queue).catch(onFailure)
}`,
    },
    {
      says: 'whether it failed is the answer',
      code: `app.get('/ready', async (req, res) => {
  const up = await db.query('select 1').then(
    () => true,
    () => false,
  )
  res.status(up ? 200 : 503).json({ database: up })
})`,
    },
    {
      says: 'a token that is verified, by a function',
      code: `import { jwtVerify } from 'jose'
export async function answer(token: string, score: number) {
  try {
    const { payload } = await jwtVerify(token, key)
    subject = payload.sub
  } catch {
    return { ok: false, reason: 'bad_token' }
  }
}`,
    },
    {
      says: 'a method that has told it before it threw it on',
      code: `class Mailer {
  private readonly logger = new Logger(Mailer.name)
  async send(to: string) {
    try {
      await this.transport.sendMail({ to })
    } catch (error) {
      this.logger.error({ msg: 'mail_failed', err: error })
      throw error
    }
  }
  async sendAll(all: string[]) {
    let sent = 0
    for (const to of all) {
      try {
        await this.send(to)
        sent++
      } catch {
        continue
      }
    }
    return sent
  }
}`,
    },
    {
      says: "an answer that says which of the caller's faults it was",
      code: `router.post('/session', async (req, res) => {
  try {
    res.json(await sessions.create(req.body))
  } catch {
    res.status(401).json({ error: 'wrong password' })
  }
})`,
    },
    {
      says: 'a storage of the browser, which may be full or forbidden',
      code: `export function remember(theme: string) {
  try {
    localStorage.setItem('theme', theme)
  } catch {}
}`,
    },
    {
      says: 'a pause that was ended early',
      code: `import { setTimeout as delay } from 'node:timers/promises'
export async function pause(signal: AbortSignal) {
  await delay(100, undefined, { signal }).catch(() => undefined)
}`,
    },
    {
      says: "an answer by a function of the file's own",
      code: `export function change(body: Change): Answer {
  try {
    switchLevels(body.levels)
  } catch {
    return bad('levels can not be read')
  }
  return answer(200)
}
function bad(message: string): Answer {
  return problem(400, message)
}`,
    },
    {
      says: 'an answer that was looked at, and may be a promise',
      code: `export function isTrusted(req: Request): boolean {
  const answer: unknown = trust(req)
  if (typeof answer === 'object') Promise.resolve(answer).catch(() => undefined)
  return answer === true
}`,
    },
    {
      says: 'a reason at the end of the line',
      code: `await page.waitForSelector('#consent').catch(() => {}) // not everybody is asked`,
    },
    {
      says: 'an answer made of a Response, a comparison, a promise that never rejects',
      code: `export async function POST(req: Request) {
  let body
  try {
    body = await req.json()
  } catch {
    return new Response('bad json', { status: 400 })
  }
  const isSame = await bcrypt.compare(body.given, hash).catch(() => false)
  await Promise.allSettled(pending).catch(() => {})
  return Response.json({ isSame })
}`,
    },
    {
      says: 'told with a logger of LogTape',
      code: `import { getLogger } from '@logtape/logtape'
const orders = getLogger(['shop', 'orders'])
export async function send(id: string) {
  try {
    await mail.send(id)
  } catch (error) {
    orders.error('mail failed', { error })
  }
}`,
    },
    {
      says: 'several things that may or may not be had, each by itself',
      code: `
export async function describe(instance: Instance) {
  const [icon, name] = await Promise.all([
    fetchIcon(instance).catch(() => null),
    fetchName(instance).catch(() => null),
  ])
  await instances.update(instance.id, { icon, name })
}`,
    },
    {
      says: 'a question whose answer is whether it failed',
      code: `export async function isUp(url: string) {
  return true
}
export async function reach() {
  try {
    await cache.ping()
    return true
  } catch {
    return false
  }
}
export async function answers() {
  try {
    await db.query('SELECT 1')
    await fetch(url)
    return true
  } catch {
    return false
  }
}
export const reaches = () => cache.ping().then(() => true).catch(() => false)`,
    },
    {
      says: 'a listener that tells, one before the end, one with a reason',
      code: `redis.on('error', (err) => log.error({ err }, 'redis failed'))
function end(socket: Socket) {
  socket.on('error', () => {})
  socket.destroy()
}
// the pool connects again by itself
pool.on('error', () => {})
bus.on('ready', () => {})`,
    },
    {
      says: 'rxjs, where something else takes the place of what failed, or the error is passed on',
      code: `import { catchError, EMPTY, of, throwError } from 'rxjs'
const a = load$.pipe(catchError(() => cached$))
const b = load$.pipe(catchError((err) => throwError(() => err)))
const c = load$.pipe(catchError((err) => of({ error: err })))
const d = load$.pipe(
  catchError((err) => {
    logger.error({ err }, 'not loaded')
    return EMPTY
  }),
)`,
    },
  ],
  invalid: [
    {
      says: 'a comment that says where a reason may be, a name that nobody uses',
      code: `async function sendAll(rows) {
  for (const row of rows) {
    try { await mailer.send(row) } catch {
      // see below
    }
    try { await outbox.save(row) } catch (error) { const reason = error }
  }
}`,
      finds: ['silent', 'silent'],
    },
    {
      says: 'a listener that keeps a failure from being seen',
      code: `import { log } from './log.js'
redis.on('error', () => {})
process.on('unhandledRejection', noop)`,
      finds: [
        { id: 'silent', line: 2 },
        { id: 'silent', line: 3 },
      ],
      suggested: `import { log } from './log.js'
redis.on('error', (error) => {
  log.error('work failed', error)
})
process.on('unhandledRejection', noop)`,
    },
    {
      says: 'winston, which takes an error or fields',
      code: `import winston from 'winston'
const logger = winston.createLogger()
export async function remove(repoId: string) {
  try {
    await repos.remove(repoId)
  } catch {}
}`,
      finds: [{ id: 'silent', line: 6 }],
      suggested: `import winston from 'winston'
const logger = winston.createLogger()
export async function remove(repoId: string) {
  try {
    await repos.remove(repoId)
  } catch (error) {
    logger.child({ repoId }).error('repos remove failed', error)
  }
}`,
    },
    {
      says: 'winston, a line that has fields and no error',
      code: `import winston from 'winston'
const logger = winston.createLogger()
export async function remove(repoId: string) {
  try {
    await repos.remove(repoId)
  } catch (err) {
    logger.error('not removed', { repoId })
  }
}`,
      finds: [{ id: 'dropped', line: 6 }],
      suggested: `import winston from 'winston'
const logger = winston.createLogger()
export async function remove(repoId: string) {
  try {
    await repos.remove(repoId)
  } catch (err) {
    logger.child({ repoId }).error('not removed', err)
  }
}`,
    },
    {
      says: 'bunyan without serialisers, which prints an error that comes first',
      code: `import bunyan from 'bunyan'
const log = bunyan.createLogger({ name: 'repos' })
export async function remove(repoId: string) {
  try {
    await repos.remove(repoId)
  } catch {}
}`,
      finds: [{ id: 'silent', line: 6 }],
      suggested: `import bunyan from 'bunyan'
const log = bunyan.createLogger({ name: 'repos' })
export async function remove(repoId: string) {
  try {
    await repos.remove(repoId)
  } catch (error) {
    log.child({ repoId }).error(error, 'repos remove failed')
  }
}`,
    },
    {
      says: 'rxjs, a stream that ends or goes on with nothing',
      code: `import { catchError, EMPTY, of } from 'rxjs'
const a = load$.pipe(catchError(() => EMPTY))
const b = load$.pipe(
  catchError((err) => {
    return of(null)
  }),
)`,
      finds: [
        { id: 'silent', line: 2 },
        { id: 'silent', line: 4 },
      ],
    },
    {
      says: 'an empty catch around a write',
      shown: true,
      code: `
import { getLogger } from 'telltale'
const log = getLogger('items')

export async function index(id: string) {
  try {
    await search.put(id)
  } catch {}
}`,
      finds: ['silent'],
      suggested: `
import { getLogger } from 'telltale'
const log = getLogger('items')

export async function index(id: string) {
  try {
    await search.put(id)
  } catch (error) {
    log.exception('search_put_failed', error, { id })
  }
}`,
    },
    {
      says: 'a handler that gives null',
      shown: true,
      code: `
import pino from 'pino'
const logger = pino()

export async function price(sku: string) {
  const offer = await supplier.offer(sku).catch(() => null)
  return offer?.price
}`,
      finds: ['silent'],
      suggested: `
import pino from 'pino'
const logger = pino()

export async function price(sku: string) {
  const offer = await supplier.offer(sku).catch((error) => { logger.error({ err: error }, 'supplier offer failed'); return null })
  return offer?.price
}`,
    },
    {
      says: 'a log line without the error',
      shown: true,
      code: `
import { getLogger } from 'telltale'
const log = getLogger('enrolment')

export async function invite(userId: string) {
  try {
    await calendar.invite(userId)
  } catch {
    log.warning('calendar_invite_failed', { user_id: userId })
  }
}`,
      finds: ['dropped'],
      suggested: `
import { getLogger } from 'telltale'
const log = getLogger('enrolment')

export async function invite(userId: string) {
  try {
    await calendar.invite(userId)
  } catch (error) {
    log.warning('calendar_invite_failed', { error, user_id: userId })
  }
}`,
    },
    {
      says: 'a text of Nest without the error',
      code: `
import { Logger } from '@nestjs/common'

export class Mails {
  private readonly logger = new Logger(Mails.name)
  async send(mail: Mail) {
    try {
      await this.transport.send(mail)
    } catch (err) {
      this.logger.warn('mail not sent')
    }
  }
}`,
      finds: ['dropped'],
      suggested: `
import { Logger } from '@nestjs/common'

export class Mails {
  private readonly logger = new Logger(Mails.name)
  async send(mail: Mail) {
    try {
      await this.transport.send(mail)
    } catch (err) {
      this.logger.warn('mail not sent', err)
    }
  }
}`,
    },
    {
      says: 'it is counted, and gone',
      code: `
import { Counter } from 'prom-client'
const failed = new Counter({ name: 'failed_total', help: 'Failed' })

export async function archive(id: string) {
  try {
    await bucket.put(id)
  } catch (error) {
    failed.inc()
  }
}`,
      finds: ['silent'],
    },
    {
      says: 'the client is answered, and nobody else knows',
      code: `
const winston = require('winston')
const logger = winston.createLogger()

app.post('/hook', async (req, res) => {
  try {
    await hooks.process(req.body)
    res.sendStatus(204)
  } catch (error) {
    res.sendStatus(500)
  }
})`,
      language: 'cjs',
      finds: ['silent'],
      suggested: `
const winston = require('winston')
const logger = winston.createLogger()

app.post('/hook', async (req, res) => {
  try {
    await hooks.process(req.body)
    res.sendStatus(204)
  } catch (error) {
    logger.error('hooks process failed', error)
    res.sendStatus(500)
  }
})`,
    },
    {
      says: 'only one kind of failure is asked for',
      code: `
import bunyan from 'bunyan'
const log = bunyan.createLogger({ name: 'retention' })

async function remove(keys) {
  let removed = 0
  for (const key of keys) {
    try {
      await storage.remove(key)
      removed++
    } catch (err) {
      if (err.name === 'NoSuchKey') removed++
    }
  }
  return removed
}`,
      language: 'js',
      finds: ['silent'],
      suggested: `
import bunyan from 'bunyan'
const log = bunyan.createLogger({ name: 'retention' })

async function remove(keys) {
  let removed = 0
  for (const key of keys) {
    try {
      await storage.remove(key)
      removed++
    } catch (err) {
      log.error(err, 'storage remove failed')
      if (err.name === 'NoSuchKey') removed++
    }
  }
  return removed
}`,
    },
    {
      says: 'a noop of a library',
      code: `
import { noop } from 'lodash'
import { logger } from './logger.js'

export function onSaved(document: Document) {
  logger.info({ id: document.id }, 'saved')
  search.index(document).catch(noop)
}`,
      finds: ['silent'],
      suggested: `
import { noop } from 'lodash'
import { logger } from './logger.js'

export function onSaved(document: Document) {
  logger.info({ id: document.id }, 'saved')
  search.index(document).catch((error) => logger.error({ err: error, documentId: document.id }, 'search index failed'))
}`,
    },
    {
      says: 'the second handler of `then` gives nothing',
      code: `
class Cart {
  total = (id) => prices.of(id).then((all) => sum(all), () => 0)
}`,
      language: 'js',
      finds: ['silent'],
    },
    {
      says: 'in a labelled loop and a switch, the next one is taken',
      code: `
export async function drain(jobs) {
  all: for (const job of jobs) {
    switch (job.kind) {
      case 'mail':
        try {
          await mailer.send(job.mail)
        } catch {
          continue all
        }
        break
      default:
        await job.run?.()
    }
  }
}`,
      language: 'js',
      finds: ['silent'],
    },
    {
      says: 'what was asked for is left undone',
      code: `
export async function erase(user: User) {
  await users.delete(user.id)
  await crm.remove(user.email).catch(() => undefined)
}`,
      finds: ['silent'],
    },
    {
      says: 'the next one is tried',
      code: `
class Renewals {
  #log = getLogger()
  async *run(feeds) {
    for (const feed of feeds) {
      try {
        await this.hub.subscribe(feed)
        yield feed
      } catch {
        continue
      }
    }
  }
}`,
      language: 'js',
      finds: ['silent'],
      suggested: `
class Renewals {
  #log = getLogger()
  async *run(feeds) {
    for (const feed of feeds) {
      try {
        await this.hub.subscribe(feed)
        yield feed
      } catch (error) {
        this.#log.error('hub subscribe failed', error)
        continue
      }
    }
  }
}`,
    },
    {
      says: 'a state is written, the error is not',
      code: `
export async function sync(id: string) {
  await using lock = await locks.take(id)
  try {
    await client.push(id)
  } catch (err) {
    await integrations.markFailed(id)
  }
}`,
      finds: ['silent'],
    },
    {
      says: 'a comment that is a directive, or nothing but a word, gives no reason',
      code: `
export async function expire(id: string) {
  try {
    await exports.expire(id)
  } catch {
    // ignore
  }
  try {
    await exports.remove(id)
    // istanbul ignore next
  } catch {}
}`,
      finds: [
        { id: 'silent', line: 5 },
        { id: 'silent', line: 11 },
      ],
    },
    {
      says: 'a component of the server, within JSX',
      language: 'tsx',
      code: `
export async function Preview({ id }: Props) {
  let body = null
  try {
    body = await documents.render(id)
    await views.touch(id)
  } catch {
    body = <p>Nothing to see</p>
  }
  return <article>{body}</article>
}`,
      finds: ['silent'],
    },
    {
      says: 'a 409 for whatever went wrong in the work',
      code: `router.post('/:id/approve', async (req, res) => {
  try {
    const run = await approveRun(req.params.id, req.user)
    return res.json(run)
  } catch (err) {
    return res.status(409).json({ error: 'approval_failed' })
  }
})`,
      finds: ['silent'],
    },
    {
      says: 'what is resolved is an alarm',
      code: `class Alarms {
  async clear(rule: Rule, ended: Alarm) {
    await this.notifier.resolve(rule.channel, ended).catch(() => {})
  }
}`,
      finds: ['silent'],
    },
    {
      says: 'a value in parentheses is what comes back',
      code: `import pino from 'pino'
const log = pino()
export const load = (id) => db.load(id).catch(() => (null))`,
      language: 'js',
      finds: ['silent'],
      suggested: `import pino from 'pino'
const log = pino()
export const load = (id) => db.load(id).catch((error) => { log.error({ err: error, id }, 'db load failed'); return (null) })`,
    },
    {
      says: 'a comment beside a catch that names nothing',
      code: `import pino from "pino"
const log = pino()
export async function save(order) {
  try {
    await db.save(order)
  } catch // x
  { return null }
}`,
      language: 'js',
      finds: ['silent'],
      suggested: `import pino from "pino"
const log = pino()
export async function save(order) {
  try {
    await db.save(order)
  } catch (error) // x
  { log.error({ err: error }, "db save failed"); return null }
}`,
    },
    {
      says: 'another error of the usual name is around',
      code: `import pino from 'pino'
const log = pino()
export function onFailure(error) {
  if (!error.requestId) throw error
  store.flush(error.requestId).catch(() => {})
}`,
      language: 'js',
      finds: ['silent'],
      suggested: `import pino from 'pino'
const log = pino()
export function onFailure(error) {
  if (!error.requestId) throw error
  store.flush(error.requestId).catch((err) => {
    log.error({ err, requestId: error.requestId }, 'store flush failed')
  })
}`,
    },
    {
      says: 'a line whose fields are spread, and one in parentheses',
      code: `import pino from 'pino'
const log = pino()
export async function save(order) {
  await db.save(order).catch((error) => log.warn({ ...order.tags }, 'not saved'))
  await db.save(order).catch((error) => log.warn(('not saved')))
}`,
      language: 'js',
      finds: ['dropped', 'dropped'],
      suggested: `import pino from 'pino'
const log = pino()
export async function save(order) {
  await db.save(order).catch((error) => log.warn({ ...order.tags, err: error }, 'not saved'))
  await db.save(order).catch((error) => log.warn(('not saved')))
}`,
    },
    {
      says: 'before the logger has been made',
      code: `import pino from 'pino'
try {
  await migrate()
} catch {}
const log = pino()`,
      language: 'js',
      finds: ['silent'],
    },
  ],
}
