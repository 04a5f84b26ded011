import type { Examples } from '../rule.js'

export const examples: Examples = {
  valid: [
    {
      says: 'the reason is logged with `log.skip`',
      shown: true,
      code: `
import { getLogger } from 'telltale'
const log = getLogger('reminders')

export async function remind(userId: string) {
  const user = await users.find(userId)
  if (!user) return log.skip('reminder_skipped', { reason: 'no_user', user_id: userId })
  await mailer.send(user.email, 'reminder')
}`,
    },
    {
      says: 'the reason is logged with pino before the return',
      code: `
import pino from 'pino'
const logger = pino()

export async function process(job: Job) {
  const invoice = await invoices.find(job.data.invoiceId)
  if (!invoice) {
    logger.warn({ invoiceId: job.data.invoiceId }, 'invoice is gone, nothing is charged')
    return
  }
  await payments.charge(invoice)
}`,
    },
    {
      says: 'it is counted with its outcome',
      code: `
import { Counter } from 'prom-client'
const mails = new Counter({ name: 'mails_total', help: 'Mails', labelNames: ['outcome'] })

export async function send(mail: Mail) {
  const suppressed = await suppressions.find(mail.to)
  if (suppressed) {
    mails.inc({ outcome: 'suppressed' })
    return
  }
  await transport.sendMail(mail)
}`,
    },
    {
      says: 'the span has the reason',
      code: `
import { trace } from '@opentelemetry/api'

export async function onSnapshot(id: string) {
  const span = trace.getActiveSpan()
  const attempt = await attempts.find(id)
  if (attempt === undefined) {
    span?.addEvent('snapshot_ignored', { reason: 'attempt_missing' })
    return
  }
  await attempts.addSnapshot(attempt)
}`,
    },
    {
      says: 'a comment beside it says why',
      shown: true,
      code: `
export async function onPaid(event: Event) {
  const seen = await events.find(event.id)
  // the provider delivers each event at least once
  if (seen) return
  await ledger.book(event)
}`,
    },
    {
      says: 'a comment above the lookup that the guard asks about says why',
      code: `
export async function reconcile() {
  // one replica does it, the others lose the race
  const lock = await locks.tryAcquire('reconcile')
  if (!lock) return
  await stock.update(await warehouse.levels())
}`,
    },
    {
      says: 'the caller is told the reason',
      shown: true,
      code: `
export async function redeem(code: string) {
  const voucher = await vouchers.find(code)
  if (!voucher) return { ok: false, reason: 'unknown_code' }
  await vouchers.use(voucher.id)
  return { ok: true }
}`,
    },
    {
      says: 'the client is answered',
      code: `
app.post('/orders/:id/cancel', async (req, res) => {
  const order = await orders.find(req.params.id)
  if (!order) {
    res.status(404).json({ error: 'order_not_found' })
    return
  }
  await orders.cancel(order.id)
  res.sendStatus(204)
})`,
      language: 'js',
    },
    {
      says: 'it has been done already',
      shown: true,
      code: `
export async function ship(orderId: string) {
  const order = await orders.get(orderId)
  if (order.shippedAt) return
  await carrier.ship(order)
  await orders.update(orderId, { shippedAt: new Date() })
}`,
    },
    {
      says: 'a state says that it has been done, by the name of the function',
      code: `
async function cancelSubscription(id) {
  const subscription = await subscriptions.get(id)
  if (subscription.status === 'canceled') return
  await provider.end(subscription)
}`,
      language: 'js',
    },
    {
      says: 'it was looked up where it would have been put',
      code: `
export async function follow(userId: string, feedId: string) {
  const row = await this.follows.findOne({ userId, feedId })
  if (row) return
  await this.follows.insert({ userId, feedId })
}`,
    },
    {
      says: 'nothing changes',
      code: `
class Prices {
  async set(sku: string, amount: number) {
    const current = await this.repo.findOne({ sku })
    if (current?.amount === amount) return
    await this.repo.save({ sku, amount })
  }
}`,
    },
    {
      says: 'there is nothing to do',
      shown: true,
      code: `
export async function expire() {
  const carts = await repo.findExpired()
  if (carts.length === 0) return
  await repo.removeAll(carts)
}`,
    },
    {
      says: 'a question is answered',
      code: `
class Policy {
  async canEdit(userId: string, id: string): Promise<boolean> {
    const document = await this.documents.find(id)
    if (!document) return false
    await this.audit.record(userId, id)
    return document.ownerId === userId
  }
}`,
    },
    {
      says: 'a parser finds nothing to parse',
      code: `
function parseAddress(text) {
  const match = pattern.exec(text)
  if (!match) return null
  const address = { street: match[1] }
  normalize(address)
  return address
}`,
      language: 'js',
    },
    {
      says: 'the service answers that what was asked for is not there',
      code: `
export async function publish(id: string) {
  const article = await articles.find(id)
  if (!article) return null
  await articles.update(id, { published: true })
  return article
}`,
      filename: 'src/services/articles.ts',
    },
    {
      says: 'a listener looks at one kind of event',
      code: `
bus.on('change', async (event) => {
  const subject = await subjects.load(event.id)
  if (subject.type !== 'document') return
  await index.update(subject)
})`,
      language: 'js',
    },
    {
      says: 'the guard is on a parameter',
      code: `
export async function touch(sessionId?: string) {
  if (!sessionId) return
  await sessions.update(sessionId, { seenAt: new Date() })
}`,
    },
    {
      says: 'the process was started without it',
      code: `
export async function syncContacts() {
  if (!process.env.CRM_URL) return
  const contacts = await users.changed()
  await crm.push(contacts)
}`,
    },
    {
      says: 'a setting of the process is read through a service',
      code: `
@Injectable()
export class Consumer {
  constructor(private readonly config: ConfigService) {}
  async onModuleInit() {
    const url = this.config.get<string>('amqp.url')
    if (!url) return
    await this.connect(url)
  }
}`,
    },
    {
      says: 'a threshold is not reached',
      code: `
export async function onFailure(endpointId: string) {
  const failures = await endpoints.countFailures(endpointId)
  if (failures < 20) return
  await endpoints.disable(endpointId)
}`,
    },
    {
      says: 'it is not due yet',
      code: `
async function renewOne(id) {
  const subscription = await subscriptions.lock(id)
  if (subscription.periodEnd > now) return
  await subscriptions.extend(id)
}`,
      language: 'js',
    },
    {
      says: 'the function that was asked has told why',
      code: `
import { Logger } from '@nestjs/common'

export class Icons {
  private readonly logger = new Logger(Icons.name)

  async store(url: string) {
    const image = await this.scale(url)
    if (!image) return
    await this.storage.put(image)
  }

  private async scale(url: string) {
    try {
      return await resize(url)
    } catch (error) {
      this.logger.error({ err: error }, 'icon could not be scaled')
      return undefined
    }
  }
}`,
    },
    {
      says: 'the branch has done other work instead',
      code: `
export async function notify(userId: string, event: Event) {
  const user = await users.get(userId)
  if (user.prefersDigest) {
    await digests.add(userId, event)
    return
  }
  await mailer.send(user.email, event)
}`,
    },
    {
      says: 'another instance leads',
      code: `
class Scheduler {
  async tick() {
    if (!(await this.isLeader())) return
    await this.queue.add('poll', {})
  }
}`,
    },
    {
      says: 'nothing that matters is skipped',
      code: `
export async function total(cartId: string) {
  const cart = await carts.find(cartId)
  if (!cart) return 0
  const prices = cart.lines.map((line) => line.price * line.quantity)
  return prices.reduce((sum, price) => sum + price, 0)
}`,
    },
    {
      says: 'what is to be removed is not there',
      code: `
export async function purge(id: string) {
  const row = await media.find(id)
  if (!row) return
  await storage.remove(row.key)
}`,
    },
    {
      says: 'a callback of an array method makes a value',
      code: `
export async function load(ids: string[]) {
  const rows = await repo.findAll(ids)
  const names = rows.map((row) => {
    if (!row.profile) return null
    this.cache.put(row.id, row.profile)
    return row.profile.name
  })
  await repo.save(names)
}`,
    },
    {
      says: 'a generator comes to its end',
      code: `
async function* pages(cursor) {
  for (;;) {
    const page = await api.list(cursor)
    if (page.items.length === 0) return
    yield page.items
    cursor = page.next
  }
}`,
      language: 'js',
    },
    {
      says: 'what is kept is still fresh',
      code: `
class Rates {
  async refresh() {
    if (Date.now() - this.lastRefresh < TTL) return
    await this.store.replace(await api.rates())
    this.lastRefresh = Date.now()
  }
}`,
    },
    {
      says: 'a folder that not everyone has is not there',
      code: `
export async function loadExtensions(root: string) {
  const folder = join(root, 'extensions')
  if (!(await pathExists(folder))) return
  await registry.register(await readFolder(folder))
}`,
    },
    {
      says: 'a text did not change',
      code: `
export class Documents {
  @AfterUpdate
  static async index(model) {
    if (!model.changed('text')) return
    await search.index(await model.reload())
  }
}`,
      language: 'ts',
    },
    {
      says: 'a wrapper of the service tells it',
      settings: { wrappers: [{ name: 'audit.record' }] },
      code: `
export async function close(id: string) {
  const account = await accounts.find(id)
  if (!account) {
    audit.record('close_refused', { id })
    return
  }
  await accounts.close(id)
}`,
    },
    {
      says: 'the caller is told what came of it',
      code: `
export async function rollUp() {
  const lease = await locks.take('roll-up')
  if (!lease) return { ran: false }
  await readings.rollUp()
  return { ran: true }
}`,
    },
    {
      says: 'a table of the program knows of some and not of others',
      code: `
export async function advance(parcel: Parcel, scan: Scan) {
  const code = await carriers.codeOf(scan)
  const status = STATUS_BY_CODE[code]
  if (!status) return
  await parcels.update(parcel.id, { status })
}`,
    },
    {
      says: 'it has been put there before, as its statement says',
      code: `
export async function raise(rule, device) {
  const open = await db.one('select id from alert where rule_id = $1 and device_id = $2', [rule.id, device.id])
  if (open) return
  const window = await calendar.maintenanceAt(device.tenantId)
  const alert = await db.one('insert into alert(rule_id, device_id) values ($1, $2) returning *', [rule.id, device.id])
  await notifier.notify(rule.channelId, alert, window)
}`,
      language: 'js',
    },
    {
      says: 'the work is done, in a block inside of the branch',
      code: `
export async function notify(recipientId: string, text: string) {
  const recipient = await recipients.find(recipientId)
  if (recipient.phone) {
    try {
      await sms.send(recipient.phone, text)
      return
    } catch (error) {
      if (error.code !== 'UNREACHABLE') throw error
    }
  }
  await mail.send(recipient.email, text)
}`,
    },
    {
      says: 'a filter: only those of one state are meant',
      code: `
export async function poll(parcelId: string) {
  const { state } = await carrier.track(parcelId)
  await parcels.update(parcelId, { state })
  if (state !== 'delivered') return
  await mailer.send('delivered', parcelId)
}`,
    },
    {
      says: 'nothing was passed on, to nobody',
      code: `
export async function sendBulk(recipients: string[], template: string) {
  if (!recipients.length) return 0
  await mailer.sendAll(recipients, template)
  return recipients.length
}`,
    },
    {
      says: 'a thing that not everyone has is not there',
      code: `
export async function rewardInviter(member: Member) {
  const invitation = await invitations.findOne({ email: member.email })
  if (!invitation) return
  await credits.grant(invitation.invitedBy)
}`,
    },
    {
      says: 'a part of what was fetched has a name of its own, and some have none',
      code: `
export async function mirror(messageId: string) {
  const message = await messages.findById(messageId)
  const thread = message?.ticket.thread
  if (!thread) return
  await chat.post(thread, message.text)
}`,
    },
    {
      says: 'an integration that was not connected',
      code: `
export async function announce(feedId: string) {
  const team = await teams.ownerOf(feedId)
  if (!team?.slackWebhook) return
  await slack.post(team.slackWebhook, 'paused')
}`,
    },
    {
      says: 'it is less than a number',
      code: `
export async function review(orderId: string) {
  const order = await orders.findUniqueOrThrow({ where: { id: orderId } })
  if (order.totalCents < 20_000) return
  await reviews.create({ orderId })
}`,
    },
    {
      says: 'its state is what the function is called for',
      code: `
export async function suspend(sellerId: string) {
  const { email, suspended } = await sellers.findUniqueOrThrow({ where: { id: sellerId } })
  if (suspended) return
  await sellers.update({ where: { id: sellerId }, data: { suspended: true } })
  await mailer.send(email)
}`,
    },
    {
      says: 'a service answers that it is not there, by a query builder',
      code: `
export async function grantLeave(requestId: string) {
  const request = await knex('requests').where({ id: requestId }).first()
  if (!request) return null
  await knex('requests').where({ id: requestId }).update({ state: 'granted' })
  return request
}`,
    },
    {
      says: 'a feature that the configuration leaves out',
      code: `
export async function checkVersion() {
  const { newVersionCheck } = await this.getConfig()
  if (!newVersionCheck.enabled) return JobStatus.Skipped
  await this.versions.create(await this.releases.latest())
  return JobStatus.Success
}`,
    },
    {
      says: 'a key of a cache is not there',
      code: `
export async function countDown(id: string) {
  const known = await redis.get(id)
  if (known === null) return
  await redis.decr(id)
  await events.emit('counted', id)
}`,
    },
    {
      says: 'another one has created it',
      code: `
export async function file(reporterId: string, postId: string) {
  const [report, created] = await reports.findOrCreate({ where: { reporterId, postId } })
  if (!created) return
  await moderators.notify(report)
}`,
    },
    {
      says: 'the handler of the failure tells it',
      code: `
import pino from 'pino'
const logger = pino()

export async function refresh() {
  const rates = await feed.load().catch((err) => {
    logger.warn({ err }, 'rates not loaded')
    return undefined
  })
  if (!rates) return
  await store.save(rates)
}`,
    },
    {
      says: 'a comment gives the reason, in a script without spaces',
      code: `
export async function charge(orderId: string) {
  const order = await orders.find(orderId)
  if (!order) {
    // 注文がすでに取り消されている場合は何もしない
    return
  }
  await payments.charge(order)
}`,
    },
    {
      says: 'the last attempt is not made yet',
      code: `
export async function onFailed(job: Job, error: Error) {
  if (job.attemptsMade < job.opts.attempts) return
  await alerts.send(job.id, error)
}`,
    },
    {
      says: 'a run that overlaps the one before: the other one does the work',
      code: `
export class Expiry {
  private running = false
  @Cron('*/5 * * * *')
  async expire() {
    if (this.running) return
    this.running = true
    await this.carts.removeExpired()
    this.running = false
  }
}`,
    },
  ],
  invalid: [
    {
      says: 'a job ends without a word where what it is for is gone',
      shown: true,
      code: `
import { getLogger } from 'telltale'
const log = getLogger('reminders')

export async function remind(userId: string) {
  const user = await users.find(userId)
  if (!user) return
  await mailer.send(user.email, 'reminder')
}`,
      finds: ['silent'],
      suggested: `
import { getLogger } from 'telltale'
const log = getLogger('reminders')

export async function remind(userId: string) {
  const user = await users.find(userId)
  if (!user) return log.skip('remind_skipped', { reason: 'no_user', user_id: userId })
  await mailer.send(user.email, 'reminder')
}`,
    },
    {
      says: 'a mail is not sent for want of an address, in pino',
      shown: true,
      code: `
import pino from 'pino'
const logger = pino()

export async function sendInvoice({ orderId }) {
  const order = await orders.get(orderId)
  if (!order.email) {
    return
  }
  await mailer.send(order.email, 'invoice', { order })
}`,
      language: 'js',
      finds: ['silent'],
      suggested: `
import pino from 'pino'
const logger = pino()

export async function sendInvoice({ orderId }) {
  const order = await orders.get(orderId)
  if (!order.email) {
    logger.warn({ orderId }, 'send invoice skipped: no email')
    return
  }
  await mailer.send(order.email, 'invoice', { order })
}`,
    },
    {
      says: 'a decorated handler of Nest, with a logger that is a field',
      code: `
import { Logger } from '@nestjs/common'

export class Points {
  private readonly logger = new Logger(Points.name)

  @OnEvent('order.paid')
  async credit({ orderId }: OrderPaid) {
    const account = await this.accounts.findOneBy({ orderId });
    if (!account) return;
    await this.accounts.increment(account.id, 'points', 10);
  }
}`,
      finds: ['silent'],
      suggested: `
import { Logger } from '@nestjs/common'

export class Points {
  private readonly logger = new Logger(Points.name)

  @OnEvent('order.paid')
  async credit({ orderId }: OrderPaid) {
    const account = await this.accounts.findOneBy({ orderId });
    if (!account) {
      this.logger.warn({ message: 'credit skipped: no account', orderId });
      return;
    }
    await this.accounts.increment(account.id, 'points', 10);
  }
}`,
    },
    {
      says: 'winston, in a module of CommonJS',
      code: `
const winston = require('winston')
const logger = winston.createLogger()

exports.escalate = async function escalate(planId) {
  const contact = await contacts.of(planId)
  if (contact.silenced) return
  await push.send(contact)
}`,
      language: 'cjs',
      finds: ['silent'],
      suggested: `
const winston = require('winston')
const logger = winston.createLogger()

exports.escalate = async function escalate(planId) {
  const contact = await contacts.of(planId)
  if (contact.silenced) {
    logger.warn('escalate skipped: silenced', { planId })
    return
  }
  await push.send(contact)
}`,
    },
    {
      says: 'bunyan in a class field of an arrow function',
      code: `
import bunyan from 'bunyan'

class Tasks {
  log = bunyan.createLogger({ name: 'tasks' })
  run = async (taskId) => {
    const task = await this.store.load(taskId)
    if (task?.state !== 'ready') return
    await this.runner.start(task)
  }
}`,
      language: 'js',
      finds: ['silent'],
      suggested: `
import bunyan from 'bunyan'

class Tasks {
  log = bunyan.createLogger({ name: 'tasks' })
  run = async (taskId) => {
    const task = await this.store.load(taskId)
    if (task?.state !== 'ready') {
      this.log.warn({ taskId }, 'run skipped: state not ready')
      return
    }
    await this.runner.start(task)
  }
}`,
    },
    {
      says: 'a private field of the class is the logger, in a method that returns a value',
      code: `
import { getLogger } from 'telltale'

export class Digests {
  #log = getLogger('digests')

  async process(job: Job): Promise<boolean> {
    const { readerId } = job.data
    const reader = await this.readers.get(readerId)
    if (!reader?.emailVerifiedAt) return false
    await this.mailer.send(reader.email)
    return true
  }
}`,
      finds: ['silent'],
      suggested: `
import { getLogger } from 'telltale'

export class Digests {
  #log = getLogger('digests')

  async process(job: Job): Promise<boolean> {
    const { readerId } = job.data
    const reader = await this.readers.get(readerId)
    if (!reader?.emailVerifiedAt) return this.#log.skip('process_skipped', { reason: 'not_email_verified', reader_id: readerId }, false)
    await this.mailer.send(reader.email)
    return true
  }
}`,
    },
    {
      says: 'no logger is in scope, so that none is suggested; the console does not count',
      code: `
export async function onRefund(id: string) {
  const payment = await payments.find(id)
  if (payment === null) return
  console.log('refunding')
  await provider.refund(payment)
}`,
      finds: ['silent'],
    },
    {
      says: 'a record is put aside, and what for is not said',
      shown: true,
      code: `
export async function refund(refundId: string) {
  const payment = await payments.ofRefund(refundId)
  if (!payment) {
    await refunds.update(refundId, { state: 'void' })
    return
  }
  await provider.refund(payment.reference)
}`,
      finds: ['silent'],
    },
    {
      says: 'what was stored for all says no',
      code: `
export async function reconcile() {
  const settings = await store.get('inventory')
  if (!settings.enabled) return
  await warehouse.sync()
}`,
      finds: ['silent'],
    },
    {
      says: 'a state of another matter stops the work',
      code: `
export async function onDelivered(orderId: string) {
  const order = await orders.get(orderId)
  if (order.refundedAt) return
  await loyalty.addPoints(order.userId, order.total)
}`,
      finds: ['silent'],
    },
    {
      says: 'the answer comes too late',
      code: `
export async function saveAnswer(attempt: Attempt, answer: string) {
  if (Date.now() > attempt.endsAt + GRACE) return false
  await attempts.save(attempt.id, answer)
  return true
}`,
      finds: ['silent'],
    },
    {
      says: 'it is held back by a throttle',
      code: `
async function post(teamId, text) {
  const sinceLast = Date.now() - (await posts.lastOf(teamId))
  if (sinceLast < 60_000) return
  await slack.send(teamId, text)
}`,
      language: 'js',
      finds: ['silent'],
    },
    {
      says: 'the same comes back as when all has been done',
      code: `
export async function complete(id: string) {
  const reference = await provider.refund(id)
  const order = await orders.find(id)
  if (!order) return reference
  await mailer.send(order.email)
  return reference
}`,
      finds: ['silent'],
    },
    {
      says: 'what came in can not be read',
      code: `
socket.on('message', async (data) => {
  const message = decode(data)
  if (!message) return
  await answers.save(message)
})`,
      finds: ['silent'],
    },
    {
      says: 'it is held back by a call that says so',
      code: `
export async function alertOwner(fence: Fence, at: Date) {
  if (isQuiet(fence, at)) return
  await alerts.raise(fence.ownerId, 'crossed')
}`,
      finds: ['silent'],
    },
    {
      says: 'it came too late, if it has an end at all',
      code: `
export async function onCommand({ deviceId, op, expiresAt }: Command) {
  if (expiresAt && Date.parse(expiresAt) < Date.now()) return
  await devices.send(deviceId, op)
}`,
      finds: ['silent'],
    },
    {
      says: 'a result without a value says that all went well',
      code: `
export async function mailScore(driverId: string) {
  const driver = await drivers.find(driverId)
  if (!driver.email) return ok(undefined)
  await mailer.send(driver.email, 'score')
  return ok(undefined)
}`,
      finds: ['silent'],
    },
    {
      says: 'an invitation is asked for by its own id, and is not there',
      code: `
export async function sendInvitation(invitationId: string) {
  const invitation = await invitations.find(invitationId)
  if (!invitation) return
  await mailer.send(invitation.email, 'welcome')
}`,
      finds: ['silent'],
    },
    {
      says: 'a state of the job that does not say what for',
      shown: true,
      code: `
export async function handleInvite({ albumId }: Job) {
  const album = await albums.getById(albumId)
  if (!album) return JobStatus.Skipped
  await mailer.send(album.owner, 'invite')
  return JobStatus.Success
}`,
      finds: ['silent'],
    },
    {
      says: 'a hook hands on what it was given',
      code: `
hooks.add('offline-message', async (data) => {
  const room = await rooms.findOneByName(data.channel)
  if (!room || room.archived) return data
  await messages.send(room, data.text)
  return data
})`,
      finds: ['silent'],
    },
    {
      says: 'a callback says that it is done',
      code: `
export async function process(job: Job, done: () => void) {
  const user = await users.findOneBy({ id: job.data.userId })
  if (user == null) {
    done()
    return
  }
  await exports.create(user)
  done()
}`,
      finds: ['silent'],
    },
    {
      says: 'a webhook is answered as if all were well',
      code: `
app.post('/webhooks/mail', async (req, res) => {
  const message = await messages.findOne({ providerId: req.body.id })
  if (!message) return res.sendStatus(200)
  await messages.markBounced(message.id)
  res.sendStatus(200)
})`,
      finds: ['silent'],
    },
    {
      says: 'a comment at the end of a line is about that line',
      code: `
export async function warnOwner(workspaceId: string) {
  if (await warnings.seen(workspaceId)) return // one warning a day is enough
  const owner = await users.findOwner(workspaceId)
  if (!owner) return
  await mailer.send(owner.email, 'quota')
}`,
      finds: [{ id: 'silent', line: 5 }],
    },
    {
      says: 'a schema refuses what came in',
      code: `
export async function onInvited(raw: unknown) {
  const event = invited.safeParse(raw)
  if (!event.success) return
  await mailer.send(event.data.email, 'invitation')
}`,
      finds: ['silent'],
    },
    {
      says: 'a limiter holds it back',
      code: `
socket.on('send', async (payload) => {
  if (!rateLimiter.take(socket.userId)) return
  await messages.create(payload)
})`,
      finds: ['silent'],
    },
    {
      says: 'a transaction is rolled back, and what for is not said',
      code: `
export async function publish(id: string) {
  const member = await members.find(id)
  if (!member?.canPost) {
    await transaction.rollback()
    return false
  }
  await posts.create(member)
  return true
}`,
      finds: ['silent'],
    },
    {
      says: 'what was to be done is not called',
      code: `
export async function withLock(key: string, work: () => Promise<void>) {
  const lock = await locks.acquire(key)
  if (!lock) return
  return work()
}`,
      finds: ['silent'],
    },
    {
      says: 'a case of a switch',
      code: `
async function apply(event) {
  const account = await accounts.find(event.accountId)
  switch (event.type) {
    case 'plan.changed':
      if (!account) return
      await accounts.setPlan(account.id, event.plan)
      break
    default:
  }
}`,
      language: 'js',
      finds: ['silent'],
    },
    {
      says: 'a labelled block, a nested function and `using`',
      code: `
export async function archive(id: string) {
  await using lock = await locks.take(id)
  const one = async (key: string) => {
    const blob = await bucket.get(key)
    upload: {
      if (!blob) return
      if (blob.size > 0) break upload
      await bucket.touch(key)
    }
    await cold.put(key, blob)
  }
  await one(id)
}`,
      finds: ['silent'],
    },
    {
      says: 'several returns, and what a callback brought',
      code: `
function onStatus(status, done) {
  Referral.findOne({ receipt: status.receipt }, (err, referral) => {
    if (err) return done(err)
    if (!referral) return
    if (referral.archived) return
    referral.save(done)
  })
}`,
      language: 'js',
      finds: [
        { id: 'silent', line: 5 },
        { id: 'silent', line: 6 },
      ],
    },
    {
      says: 'weak: a guard on a parameter',
      options: { level: 'weak' },
      code: `
export async function touch(sessionId?: string) {
  if (!sessionId) return
  await sessions.update(sessionId, { seenAt: new Date() })
}`,
      finds: ['silent'],
    },
    {
      says: 'weak: a kind that a switch does nothing for',
      options: { level: 'weak' },
      code: `
export async function deliver(message: Message) {
  switch (message.channel) {
    case 'none':
      return
    default:
      await push.send(message)
  }
  await messages.markDelivered(message.id)
}`,
      finds: ['silent'],
    },
    {
      says: 'strict: whatever the guard is',
      options: { level: 'strict' },
      code: `
import { getLogger } from 'telltale'
const log = getLogger('index')

export async function reindex(ids: string[]) {
  if (!process.env.SEARCH_URL) return
  if (ids.length === 0) return
  await search.index(ids)
}`,
      finds: [
        { id: 'silent', line: 6 },
        { id: 'silent', line: 7 },
      ],
      suggested: `
import { getLogger } from 'telltale'
const log = getLogger('index')

export async function reindex(ids: string[]) {
  if (!process.env.SEARCH_URL) return log.skip('reindex_skipped', { reason: 'no_search_url' })
  if (ids.length === 0) return
  await search.index(ids)
}`,
    },
    {
      says: 'another beginning of a name has an effect, by the settings',
      settings: { effects: ['reconcile'] },
      code: `
export async function nightly() {
  const ledger = await ledgers.current()
  if (!ledger) return null
  const result = reconcileLedger(ledger)
  return result
}`,
      filename: 'src/jobs/nightly.ts',
      finds: ['silent'],
    },
    {
      says: 'no tenant, and a tenant without a profile, look the same',
      code: `
export async function onOrderPlaced(event: OrderPlaced) {
  const tenant = await tenants.find(event.tenantId)
  if (!tenant?.shippingProfile) return
  await shipments.create(event.orderId, tenant.shippingProfile)
}`,
      finds: ['silent'],
    },
    {
      says: 'a logger that is a type',
      code: `
import type { Logger } from 'pino'
export async function remind(userId: string, log: Logger | undefined) {
  const user = await users.find(userId)
  if (!user) return
  await mailer.send(user.email, 'reminder')
}`,
      finds: ['silent'],
    },
    {
      says: 'a parameter that is a logger by its name alone, in front of one that is',
      code: `
import pino from 'pino'
const log = pino()
export async function remind(userId: string, log: boolean) {
  const user = await users.find(userId)
  if (!user) return
  await mailer.send(user.email, 'reminder')
}`,
      finds: ['silent'],
    },
    {
      says: 'a logger that not all have',
      code: `
export class Reminders {
  constructor(private readonly logger?: Logger) {}
  async remind(userId: string) {
    const user = await users.find(userId)
    if (!user) return
    await mailer.send(user.email, 'reminder')
  }
}`,
      finds: ['silent'],
    },
    {
      says: 'ids that can be read there: none of what a branch or another function reads',
      code: `
import pino from 'pino'
const logger = pino()
export async function remind(userId: string, order: Order | undefined) {
  if (order) await seen(order.id)
  items.map((item) => order.orderId)
  const user = await users.find(userId)
  if (!user) return
  await mailer.send(user.email, 'reminder')
}`,
      finds: ['silent'],
      suggested: `
import pino from 'pino'
const logger = pino()
export async function remind(userId: string, order: Order | undefined) {
  if (order) await seen(order.id)
  items.map((item) => order.orderId)
  const user = await users.find(userId)
  if (!user) {
    logger.warn({ userId }, 'remind skipped: no user')
    return
  }
  await mailer.send(user.email, 'reminder')
}`,
    },
    {
      says: 'a logger by its type',
      code: `
import { Logger } from './logging'
export async function remind(userId: string, logger: Logger) {
  const user = await users.find(userId)
  if (!user) return
  await mailer.send(user.email, 'reminder')
}`,
      finds: ['silent'],
      suggested: `
import { Logger } from './logging'
export async function remind(userId: string, logger: Logger) {
  const user = await users.find(userId)
  if (!user) {
    logger.warn('remind skipped: no user')
    return
  }
  await mailer.send(user.email, 'reminder')
}`,
    },
    {
      says: 'a part that has been read already, in a file of double quotes',
      code: `
import pino from "pino"
const logger = pino()
export async function remind(job: Job) {
  const user = await users.find(job.data.userId)
  if (!user) return
  await mailer.send(user.email, "reminder")
}`,
      finds: ['silent'],
      suggested: `
import pino from "pino"
const logger = pino()
export async function remind(job: Job) {
  const user = await users.find(job.data.userId)
  if (!user) {
    logger.warn({ userId: job.data.userId }, "remind skipped: no user")
    return
  }
  await mailer.send(user.email, "reminder")
}`,
    },
    {
      says: 'an id that the line has itself',
      code: `
import { getLogger } from 'telltale'
const log = getLogger('reminders')
export async function remind(userId: string, requestId: string) {
  const user = await users.find(userId)
  if (!user) return
  await mailer.send(user.email, requestId)
}`,
      finds: ['silent'],
      suggested: `
import { getLogger } from 'telltale'
const log = getLogger('reminders')
export async function remind(userId: string, requestId: string) {
  const user = await users.find(userId)
  if (!user) return log.skip('remind_skipped', { reason: 'no_user', user_id: userId })
  await mailer.send(user.email, requestId)
}`,
    },
    {
      says: 'a comment that would be lost',
      code: `
import { getLogger } from 'telltale'
const log = getLogger('reminders')
export async function remind(userId: string) {
  const user = await users.find(userId)
  if (!user) return /* x */ null
  await mailer.send(user.email, 'reminder')
  return null
}`,
      finds: ['silent'],
    },
  ],
}
