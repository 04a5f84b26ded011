import type { Examples } from '../rule.js'

export const examples: Examples = {
  valid: [
    {
      says: 'a class of status codes and a template of the route',
      shown: true,
      code: `
import { Histogram } from 'prom-client'
const seconds = new Histogram({ name: 'http_seconds', help: 'Answers.', labelNames: ['route', 'status'] })
app.use((req, res, next) => {
  const end = seconds.startTimer()
  res.on('finish', () => end({ route: req.route.path, status: \`\${Math.floor(res.statusCode / 100)}xx\` }))
  next()
})`,
    },
    {
      says: 'an outcome, a kind, a reason',
      shown: true,
      code: `
import { counter } from 'telltale'
const mails = counter('mails_total', { help: 'Mails.', labels: { template: String, outcome: ['sent', 'failed'] } })
export function sent(mail: Mail, failure?: Failure) {
  mails.inc({ template: mail.template, outcome: failure ? 'failed' : 'sent' })
  mails.with({ template: mail.template, outcome: 'sent' }).inc()
}`,
    },
    {
      says: "an error's name or code",
      code: `
import { failures } from './metrics.js'
try {
  await charge(order)
} catch (error) {
  failures.inc({ error: error.name, code: error.code ?? 'none', kind: error.constructor.name })
  throw error
}`,
    },
    {
      says: 'ids of things of which there are few',
      code: `
import { registry, jobs } from './metrics.js'
jobs.set({ worker: cluster.worker.id, shard: shardId, template: template.id, plan: subscription.planId }, waiting)`,
    },
    {
      says: 'what a function brought down to few',
      shown: true,
      code: `
import { requests } from './metrics.js'
app.use((req, res, next) => {
  requests.inc({ route: routeOf(req.url), host: knownHost(req.hostname), agent: agentClass(req.headers['user-agent']) })
  const path = normalizePath(req.path)
  requests.inc({ path })
  next()
})`,
    },
    {
      says: 'input that was checked against a list',
      code: `
import { searches } from './metrics.js'
app.get('/search', (req, res) => {
  const { kind } = req.query
  if (!kinds.includes(kind)) return res.sendStatus(400)
  searches.inc({ kind })
})`,
    },
    {
      says: 'truth values and comparisons of what has no end',
      code: `
import { logins } from './metrics.js'
logins.inc({ known: String(user.email !== undefined), by_mail: Boolean(req.body.email), remembered: !!token, size: url.length > 80 ? 'long' : 'short' })`,
    },
    {
      says: 'the route as frameworks keep it',
      code: `
import { requests } from './metrics.js'
requests.inc({ route: req.routeOptions.url })
requests.inc({ route: c.req.routePath })
requests.inc({ route: request.routerPath ?? 'none', url: reply.context.config.url })
requests.inc({ route: req.route?.path ?? 'unmatched', base: req.method })`,
    },
    {
      says: 'collections, queues and mails, which are no metrics',
      code: `
import { telemetry } from './telemetry.js'
telemetry.record({ userId: user.id })
await queue.add('remind', { userId: user.id })
seen.add(user.email)
await users.increment({ id: user.id }, 'points')
cache.set({ url: req.url }, page)
observer.observe(element, { attributeFilter: [id] })
command.labels(user.id)
encounter.set({ id: patient.id })
cartTotal.add({ orderId: order.id })
metrics.gauge('queue.age', idle + job.duration)
statsRepository.record({ userId: user.id })
await db.users.inc({ id }, 'visits', 1)
this.telemetry.track('workflow_saved', { user_id: user.id })
await worklog.startTimer({ projectId: project.id })
history.record({ orderId: order.id, at: Date.now() })
scoped.with({ userId }).run()`,
    },
    {
      says: 'ids where they belong: in the log and on the span',
      shown: true,
      code: `
import { trace } from '@opentelemetry/api'
import { orders } from './metrics.js'
orders.inc({ channel: order.channel })
log.info('order_placed', { order_id: order.id, url: req.url })
trace.getActiveSpan()?.setAttribute('order.id', order.id)`,
    },
    {
      says: 'an exemplar, which may have an id',
      code: `
import { Counter } from 'prom-client'
const calls = new Counter({ name: 'calls_total', help: 'Calls.', enableExemplars: true })
calls.inc({ labels: { operation }, value: 1, exemplarLabels: { traceId, spanId: span.id } })`,
    },
    {
      says: 'a value that is measured',
      code: `
import { Gauge, Histogram } from 'prom-client'
const age = new Gauge({ name: 'age_seconds', help: 'Age.' })
age.set(Date.now() - row.createdAt)
age.set({ queue: 'mail' }, job.timestamp)
sizes.observe({ kind: 'pdf' }, body.length)`,
    },
    {
      says: 'attributes with few values, OpenTelemetry',
      code: `
import { metrics } from '@opentelemetry/api'
const meter = metrics.getMeter('shop')
const orders = meter.createCounter('orders')
const latency = meter.createHistogram('latency')
orders.add(1, { 'order.channel': order.channel, country: address.country })
latency.record(Date.now() - start, { model: analysis.model, 'http.route': route })`,
    },
    {
      says: 'tags with few values, StatsD',
      code: `
import { StatsD } from 'hot-shots'
const dogstatsd = new StatsD()
dogstatsd.increment('orders.placed', 1, [\`channel:\${order.channel}\`, 'region:eu'])
dogstatsd.timing('render', Date.now() - start, { kind: 'pdf' })`,
    },
    {
      says: 'one of a list that is written down',
      code: `
import { queueDepth } from './metrics.js'
for (const message of ['mail', 'sms']) queueDepth.set({ message }, depths[message])
function count(subject: 'order' | 'refund') {
  queueDepth.inc({ subject })
}`,
    },
    {
      says: 'names of jobs, queues and models',
      code: `
import { jobs } from './metrics.js'
jobs.inc({ queue: job.queueName, name: job.name, model: Model.name, states: key in known ? key : 'other' })
for (const [state, n] of Object.entries(counts)) jobs.set({ state }, n)`,
    },
    {
      says: 'so few characters that few values are left',
      code: `
import { lookups } from './metrics.js'
lookups.inc({ bucket: user.id.slice(0, 1) })`,
    },
    {
      says: 'a name that has few values in this service',
      options: { allow: ['tenantId'] },
      code: `
import { counter } from 'telltale'
const exports = counter('exports_total', { help: 'Exports.', labels: { tenant: String } })
exports.inc({ tenant: tenantId })`,
    },
    {
      says: 'a key that is counted and no more',
      code: `
import { rateLimitHits } from './metrics.js'
export const recordRateLimit = (key: string, outcome: string) => rateLimitHits.inc({ key, outcome })`,
    },
    {
      says: 'constants',
      language: 'cjs',
      code: `
const { errors } = require('./metrics')
const url = 'https://api.example.org'
errors.inc({ upstream: url, model: MODEL_ID, subject: Subjects.ORDER })`,
    },
    {
      says: 'syntax of all sorts',
      language: 'tsx',
      code: `
counter?.inc?.({ ...labels, [key]: 1, get url() { return 1 } }, ...rest)
counter.labels(...names).inc()
counter.inc({ async id() {} })
const view = <Counter inc={counter.inc()} />
class A { #hits = metrics.counter; static { new A().#hits.inc({ a: class {}, b: function () {}, c: <b /> }) } }`,
    },
    {
      says: 'a domain that is cut out of an address, a host',
      code: `
const domain = to.slice(to.indexOf('@') + 1)
mails.inc({ outcome: 'sent', domain })
polls.inc({ host: new URL(url).host })`,
    },
    {
      says: "a label's name that promises more than there is",
      code: `
import { runs } from './metrics.js'
export function ended(queue: string, kind: 'mail' | 'sms') {
  runs.inc({ id: queue, recipient: kind, sender: QUEUE })
}`,
    },
    {
      says: 'what is configured',
      code: `
import { emails } from './metrics.js'
emails.inc({ sender: config.sender, url: settings.baseUrl })`,
    },
    {
      says: 'dimensions of few values, and of no metric',
      code: `
metrics.addDimension('environment', environment)
metrics.putDimensions({ Service: 'shop' })
box.addDimension('depth', box.id)`,
    },
    {
      says: 'names under a label that is called an id, where a router is mounted, an id of one of few',
      code: `
import { calls } from './metrics.js'
export function count(handler: Handler, req: Request) {
  calls.inc({ id: handler.name, path: req.baseUrl })
  const { id } = modelOf(req)
  calls.inc({ model_id: id })
}`,
    },
  ],
  invalid: [
    {
      says: 'ids',
      shown: true,
      code: `
import { counter } from 'telltale'
const placed = counter('orders_placed_total', { help: 'Orders.', labels: { channel: String, customer: String } })
placed.inc({ channel: order.channel, customer: order.customerId })
placed.with({ channel: 'web', customer: customer.id }).inc()`,
      finds: [
        { id: 'unbounded', line: 4 },
        { id: 'unbounded', line: 5 },
      ],
    },
    {
      says: 'the URL or the path as it was asked for',
      shown: true,
      code: `
import { Counter } from 'prom-client'
const requests = new Counter({ name: 'requests_total', help: 'Requests.', labelNames: ['path', 'status'] })
app.use((req, res, next) => {
  requests.inc({ path: req.originalUrl, status: res.statusCode })
  requests.labels(req.path, String(res.statusCode)).inc()
  next()
})`,
      finds: [
        { id: 'unbounded', line: 5 },
        { id: 'unbounded', line: 6 },
      ],
    },
    {
      says: "an error's message, or the error written out",
      shown: true,
      code: `
import { failures } from './metrics.js'
try {
  await charge(order)
} catch (error) {
  failures.inc({ outcome: (error as Error).message })
  failures.inc({ outcome: String(error) })
  void settle().catch((reason) => failures.inc({ outcome: String(reason) }))
  failures.inc({ outcome: error instanceof CardError ? 'declined' : error.message.slice(0, 80) })
}`,
      finds: ['unbounded', 'unbounded', 'unbounded', 'unbounded'],
    },
    {
      says: 'an error that was handed in, written out',
      code: `
import { Counter } from 'prom-client'
const jobFailures = new Counter({ name: 'job_failures_total', help: 'x', labelNames: ['reason'] })
export function failed(error: unknown) {
  jobFailures.inc({ reason: \`\${error}\` })
}
worker.on('failed', (job, e) => jobFailures.inc({ reason: String(e) }))`,
      finds: ['unbounded', 'unbounded'],
    },
    {
      says: 'a metric in a field of a class',
      code: `
class Hits {
  private readonly hits = metrics.getMeter('web').createCounter('hits')
  add(userId: string) {
    this.hits.add(1, { userId })
  }
}`,
      finds: ['unbounded'],
    },
    {
      says: 'what the user sent',
      shown: true,
      code: `
import { searches } from './metrics.js'
app.get('/search/:kind', (req, res) => {
  searches.inc({ kind: req.params.kind })
  const { term } = req.query
  searches.inc({ term })
})
hono.get('/find', (c) => searches.inc({ term: c.req.query('q'), agent: c.req.header('user-agent') }))`,
      finds: ['unbounded', 'unbounded', 'unbounded', 'unbounded'],
    },
    {
      says: 'addresses of people',
      code: `
import { mails } from './metrics.js'
mails.inc({ outcome: 'sent', to: recipients[0] })
mails.inc({ outcome: 'sent', to: user.email })
mails.inc({ outcome: 'refused', from: req.ip })`,
      finds: ['unbounded', 'unbounded', 'unbounded'],
    },
    {
      says: 'an id within a text',
      code: `
import { stored } from './metrics.js'
stored.inc({ file: \`\${exportId}.csv\` })
stored.inc({ kind: 'transcript:' + item.id })`,
      finds: ['unbounded', 'unbounded'],
    },
    {
      says: 'attributes of OpenTelemetry',
      code: `
import { metrics } from '@opentelemetry/api'
const meter = metrics.getMeter('shop')
const latency = meter.createHistogram('latency')
snapshots.add(1, { attempt_id: attempt.id })
latency.record(took, { url: target.href })
meter.createUpDownCounter('open').add(-1, { session: randomUUID() })`,
      finds: ['unbounded', 'unbounded', 'unbounded'],
    },
    {
      says: 'tags of StatsD',
      code: `
import { StatsD } from 'hot-shots'
const statsd = new StatsD()
statsd.increment('orders', 1, [\`user:\${userId}\`, 'region:eu'])
statsd.timing('render', took, { file: fileName })`,
      finds: ['unbounded', 'unbounded'],
    },
    {
      says: 'labels that were put together before',
      code: `
import { requests } from './metrics.js'
const labels = { method: req.method, url: req.url }
requests.inc(labels)
requests.observe({ ...labels, status: 200 }, took)`,
      finds: [{ id: 'unbounded', line: 3 }],
    },
    {
      says: 'a value that was put into a variable before',
      code: `
import { requests } from './metrics.js'
const path = req.path
const name = \`user-\${user.id}\`
requests.inc({ path, name })`,
      finds: ['unbounded', 'unbounded'],
    },
    {
      says: 'what ends a timer',
      code: `
import { seconds } from './metrics.js'
export async function render(url) {
  const end = seconds.startTimer({ url })
  await page.goto(url)
  end({ at: new Date().toISOString() })
}`,
      finds: ['unbounded', 'unbounded'],
    },
    {
      says: 'a key of a cache or of a store',
      code: `
import { operations } from './metrics.js'
export class Store {
  async put(key: string, body: Buffer) {
    await this.bucket.put(key, body)
    operations.inc({ operation: 'put', key })
    operations.inc({ operation: 'put', key: this.cacheKey })
  }
}`,
      finds: ['unbounded', 'unbounded'],
    },
    {
      says: 'an id in the name of a metric',
      code: `
metrics.increment(\`orders.\${order.id}.placed\`)
statsd.timing('render.' + req.path, took)`,
      finds: ['unbounded', 'unbounded'],
    },
    {
      says: 'numbers and codes of things, what was searched for, how much it was',
      code: `
import { orders } from './metrics.js'
orders.inc({ invoice: invoice.number, voucher: voucherCode, slug: product.slug })
orders.inc({ query, amount: order.amount })`,
      finds: ['unbounded', 'unbounded', 'unbounded', 'unbounded', 'unbounded'],
    },
    {
      says: "a wrapper of the service's own",
      settings: { wrappers: [{ name: 'count', kind: 'metric' }] },
      code: `
count('orders', { customer: customer.id })`,
      finds: ['unbounded'],
    },
    {
      says: 'metrics of a service that is injected',
      code: `
import { Injectable } from '@nestjs/common'
@Injectable()
export class Inventory {
  constructor(private readonly metrics: MetricsService) {}
  reserve(line: Line) {
    this.metrics.outOfStock.inc({ sku: line.sku })
  }
}`,
      finds: ['unbounded'],
    },
    {
      says: 'a text that somebody wrote, in CommonJS',
      language: 'cjs',
      code: `
const { appeals } = require('../lib/metrics')
exports.decide = (verdict, note) => appeals.inc({ verdict, text: note })`,
      finds: ['unbounded'],
    },
    {
      says: "what the label's own name tells, and what is asked for an @",
      code: `
import { mails } from './metrics.js'
export async function send(to: string, mail: Mail, from: string) {
  if (await suppressed.has(to)) return
  mails.inc({ outcome: 'sent', recipient: to })
  mails.inc({ outcome: 'sent', from: mail.from })
  mails.inc({ domain: from, kind: from.split('@')[1] })
}`,
      finds: ['unbounded', 'unbounded', 'unbounded'],
    },
    {
      says: 'a key of a message, an id that a function makes, a topic of MQTT',
      code: `
import { parked } from './metrics.js'
parked.inc({ key: message.key?.toString() ?? '' })
parked.inc({ ref: endToEndId(entry) ?? 'none' })
client.on('message', (topic, payload) => {
  parked.inc({ topic })
})`,
      finds: ['unbounded', 'unbounded', 'unbounded'],
    },
    {
      says: 'dimensions, names of metrics, what a callback observes',
      code: `
metrics.addDimension('user', user.id)
newrelic.recordMetric(\`Custom/Orders/\${order.id}\`, 1)
gauge.addCallback((result) => {
  for (const queue of queues) result.observe(queue.size, { tenant: queue.tenantId })
})`,
      finds: ['unbounded', 'unbounded', 'unbounded'],
    },
  ],
}
