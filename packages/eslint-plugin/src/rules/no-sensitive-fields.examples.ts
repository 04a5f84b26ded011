import type { Examples } from '../rule.js'

export const examples: Examples = {
  valid: [
    {
      says: 'an id of who it was',
      shown: true,
      code: `
import { getLogger } from 'telltale'
const log = getLogger('orders')
export function place(user: User, order: Order) {
  log.info('order_placed', { user_id: user.id, order_id: order.id })
}`,
    },
    {
      says: 'whether a secret is there, how long it is, how it ends',
      shown: true,
      code: `
import pino from 'pino'
const log = pino()
export function register(token: string, password?: string) {
  log.info({ hasToken: Boolean(token), tokenLength: token.length, password: password ? 'set' : 'missing' }, 'registering')
  log.debug({ token: token.slice(-4), isFresh: token === issued }, 'token seen')
}`,
    },
    {
      says: 'names that speak about a secret: its id, its count, its kind, its consent',
      code: `
logger.info('Card charged', { paymentMethodId, apiKeyId: key.id, token_count: usage.total, maxTokens, cookieConsent, tokenType, payloadWithoutPassword })
logger.info('Password changed', { passwordChangedAt, hasPassword: true, secretName, sessionTokenExpiresAt })`,
    },
    {
      says: 'tokens that are counted',
      code: `
import winston from 'winston'
winston.info('Completion finished', { inputTokens: usage.inputTokens, tokens: usage.total, tokensPerSecond })`,
    },
    {
      says: "the request where the logger's own serialiser expects it",
      shown: true,
      code: `
import pino from 'pino'
const log = pino({ serializers: pino.stdSerializers })
app.use((req, res, next) => {
  log.info({ req, res }, 'request')
  req.log.warn({ req, err: lastError }, 'slow')
  next()
})`,
    },
    {
      says: 'parts of the request',
      code: `
app.use((req, res, next) => {
  logger.info('Request', { method: req.method, path: req.route.path, ip: req.ip, agent: req.headers['user-agent'], size: req.body.length })
  next()
})`,
    },
    {
      says: 'a text that says the word',
      code: `
throw new AuthenticationError('Authorization header must be "Authorization: Bearer <token>"')
`,
    },
    {
      says: 'a coin’s token, and the tokens that a model was given',
      code: `
import { ethers } from 'ethers'
const token = new ethers.Contract(tokenAddress, abi)
logger.info({ token: tokenAddress, symbol }, 'approving')
logger.info({ token: trade.token }, 'no pool')
throw new Error(\`no balance of \${token}\`)`,
    },
    {
      says: 'what an error tracker takes of a user, the name of an attribute, a hint',
      code: `
import * as Sentry from '@sentry/node'
export function identify(user: { id: string, email?: string }, request: Request) {
  Sentry.setUser(user)
  Sentry.addBreadcrumb({ category: 'http', message: request.url }, { request })
  span.setAttribute(GEN_AI_USAGE_INPUT_TOKENS, usage.inputTokens)
  span.setAttribute(ATTR_SECRET_ARN, secretArn)
}`,
    },
    {
      says: 'what is redacted, masked or picked by a function',
      code: `
logger.info('Request', { headers: redact(req.headers), body: pick(req.body, ['kind']), token: mask(token) })`,
    },
    {
      says: 'which keys a body has',
      code: `
app.post('/hook', (req, res) => {
  console.log('hook', Object.keys(req.body), req.body.items.length)
})`,
    },
    {
      says: 'the headers and the body of an answer',
      code: `
const response = await fetch(url)
const body = await response.text()
log.warn({ status: response.status, headers: response.headers, body }, 'refused')
log.debug({ headers: manifestResponse.headers }, 'read')`,
    },
    {
      says: "a user's name in a text, by a variable that is a text",
      code: `
export function login(user: string) {
  logger.info(\`\${user} logged in\`)
  logger.info({ user }, 'login')
}`,
    },
    {
      says: 'a user of whom nothing is known but the name',
      language: 'js',
      code: `
export function audit(user) {
  logger.info('Audit', { user })
}`,
    },
    {
      says: 'the tokens that a lexer gives',
      code: `import { tokenize } from './lexer.js'
export function highlight(text: string) {
  for (const token of tokenize(text)) log.debug('piece_seen', { token })
}`,
    },
    {
      says: 'a parser’s token',
      code: `
function expect(token, kind) {
  if (token.kind !== kind) throw new SyntaxError(\`Expected \${kind} at \${token.line}, got \${token}\`)
  throw new Error(\`Unexpected token \${token}\`)
}`,
    },
    {
      says: 'the columns of a table that are called headers',
      code: `
export function readSheet(headers, rows) {
  const at = headers.indexOf('email')
  logger.info({ headers, rows: rows.length }, 'sheet read')
  return rows.map((row) => row[at])
}`,
    },
    {
      says: 'headers of a message queue',
      code: `
consumer.on('message', (message) => {
  log.debug({ headers: message.headers, offset: message.offset }, 'message received')
})`,
    },
    {
      says: 'a name of one of several: an error code, a kind of token',
      code: `
log.warn({ code: ErrorCodes.INVALID_TOKEN, kind: TokenKind.Refresh }, 'refused')
Sentry.captureException(new HttpError(401, codes.TOKEN_MISMATCH))`,
    },
    {
      says: "a constant that has the cookie's name",
      code: `
const SESSION_COOKIE = 'sid'
logger.debug('Cookie set', { cookie: SESSION_COOKIE })`,
    },
    {
      says: 'a part of the environment that is no secret',
      code: `
console.info('listening', process.env.PORT, process.env.NODE_ENV, process.env.TOKEN_TTL_SECONDS)`,
    },
    {
      says: 'a wrapper that is given the request to take of it what it needs',
      code: `
export async function remove(req, res) {
  auditLog.event(req, 'document_removed')
  logAuditEvent(req.user, 'removed')
}`,
    },
    {
      says: 'an error that decides by what it is given',
      code: `
export function check(user: User, request: Request) {
  if (!user.isActive) throw new AccessDeniedError(user, 'inactive')
  throw new TimeoutError(request)
}`,
    },
    {
      says: 'the name of a credential in a text',
      code: `
throw new NotFoundError(\`Credential \${node.credential} not found\`)`,
    },
    {
      says: 'what is wrong with a field of that name',
      code: `
throw new ValidationError('invalid', { password: problems.tooShort, token: reason })`,
    },
    {
      says: 'what is no logger, no metric and no span',
      code: `
await users.update({ password, token })
session.set({ token })
mailer.send({ to: user.email, token })
cache.set('user', user)`,
    },
    {
      says: "a page's token of a list that is fetched in parts",
      code: `
let nextPageToken
do {
  const page = await drive.list({ pageToken: nextPageToken })
  log.debug({ nextPageToken, continuationToken: page.continuation }, 'page read')
} while (nextPageToken)`,
    },
    {
      says: 'a name that this service allows',
      options: { allow: ['pin', 'headers'] },
      code: `
board.on('change', (pin, headers) => log.info({ pin, headers }, 'pin changed'))`,
    },
    {
      says: 'a user that is an id where it is logged',
      code: `
export function remind(user: User) {
  const account = user.accountId
  log.info({ account, userId: user.id, role: user.role }, 'reminded')
}`,
    },
    {
      says: 'syntax of all sorts',
      language: 'tsx',
      code: `
log?.info?.('page_rendered', { ...(await fields()), [key]: 1, get x() { return 1 } }, ...rest)
log.info\`tagged \${token}\`
const view = <Log user={user}>{log.info('shown', <b />)}</Log>
class A { #log = getLogger('a'); static { new A().#log.info('made', [, 1], function () {}, class {}) } }`,
    },
    {
      says: "Fastify's own log, which serialises a request to its method and URL",
      code: `
app.addHook('onError', async (request, reply, error) => {
  request.log.warn({ req: request, err: error }, 'refused')
})`,
    },
    {
      says: 'what holds a secret, where the secret was taken out first, and what holds none',
      code: `
export async function create(input: Input, page: Page) {
  const hash = await hasher.hash(input.password)
  delete input.password
  log.info({ input }, 'account asked for')
  log.info({ page, cursor: page.nextPageToken }, 'page read')
}`,
    },
    {
      says: 'an object whose secret is blank',
      code: `
const job = { id, password: undefined }
log.info({ job }, 'queued')`,
    },
  ],
  invalid: [
    {
      says: 'a token and a password among the fields',
      shown: true,
      code: `
import { getLogger } from 'telltale'
const log = getLogger('auth')
export function login(name: string, password: string, token: string) {
  log.info('login_started', { name, password })
  log.debug('login_checked', { name, session: token })
}`,
      finds: [
        { id: 'secret', line: 5 },
        { id: 'secret', line: 6 },
      ],
    },
    {
      says: 'all headers and the whole body of a request',
      shown: true,
      code: `
import Fastify from 'fastify'
const app = Fastify()
app.setErrorHandler((error, request, reply) => {
  request.log.error({ err: error, headers: request.headers, body: request.body }, 'request failed')
})`,
      finds: ['whole', 'whole'],
    },
    {
      says: 'the whole environment',
      shown: true,
      code: `
const winston = require('winston')
winston.info('Configuration loaded', { env: process.env })
console.log({ ...process.env })`,
      language: 'cjs',
      finds: [
        { id: 'whole', line: 3 },
        { id: 'whole', line: 4 },
      ],
    },
    {
      says: 'the environment as a module has it, and what Koa calls its headers',
      code: `
import { env } from '../env.js'
app.use((ctx) => logger.debug({ env, header: ctx.header, port: env.PORT }, 'started'))`,
      finds: ['whole', 'whole'],
    },
    {
      says: 'the whole user',
      shown: true,
      code: `
import { Logger } from '@nestjs/common'
export class Orders {
  private readonly logger = new Logger(Orders.name)
  place(user: User, customer: CustomerEntity) {
    this.logger.debug({ user, to: customer }, 'placing order')
    this.logger.log('placed by ' + JSON.stringify(user))
  }
}`,
      finds: [
        { id: 'whole', line: 6 },
        { id: 'whole', line: 6 },
        { id: 'whole', line: 7 },
      ],
    },
    {
      says: 'a user whose parts are read, without types',
      language: 'js',
      code: `
export async function remind(id) {
  const account = await accounts.find(id)
  if (!account.email) return
  logger.info('Reminding', { account })
  logger.info('Reminding', { accountId: account.id })
}`,
      finds: [{ id: 'whole', line: 5 }],
    },
    {
      says: 'a user that was fetched',
      language: 'js',
      code: `
const user = await createUser(name, email)
logger.info(user)`,
      finds: ['whole'],
    },
    {
      says: 'somebody who was fetched by an id or an email',
      code: `
const user = await db.users.findById(id)
logger.info({ user }, 'found')
const customer = await getCustomerByEmail(email)
logger.info({ customer }, 'found')`,
      finds: ['whole', 'whole'],
    },
    {
      says: "the request in Nest's logger, which serialises nothing",
      code: `
import { Logger } from '@nestjs/common'
class Orders {
  private readonly logger = new Logger(Orders.name)
  place(req: Request) {
    this.logger.log({ req })
    Logger.log({ msg: 'placed', req })
  }
}`,
      finds: ['whole', 'whole'],
    },
    {
      says: 'the request as an argument of its own, or under another name than `req`',
      code: `
app.use((req, res) => {
  console.log(req)
  logger.info('Request', { request: req })
})`,
      finds: ['whole', 'whole'],
    },
    {
      says: 'a secret in the text',
      code: `
log.info(\`connecting to \${config.databaseUrl}\`)
log.info('using key ' + apiKey)`,
      finds: ['secret', 'secret'],
    },
    {
      says: "a secret in an error's text",
      code: `
throw new AuthenticationError(\`Invalid token \${token}\`)`,
      finds: ['secret'],
    },
    {
      says: 'the body of a request in the text of an error',
      code: `
app.post('/orders', (req) => {
  throw new BadRequestError(\`cannot read \${JSON.stringify(req.body)}\`)
})`,
      finds: ['whole'],
    },
    {
      says: 'a secret as an attribute of a span',
      code: `
import { trace } from '@opentelemetry/api'
trace.getTracer('x').startActiveSpan('charge', (span) => {
  span.setAttribute('provider.api_key', config.providerApiKey)
  span.setAttributes({ 'auth.token': given })
  span.addEvent('retried', { authorization: \`Bearer \${bearer}\` })
})`,
      finds: ['secret', 'secret', 'secret'],
    },
    {
      says: 'a span by any name, a record of OpenTelemetry’s logs',
      code: `
import { trace } from '@opentelemetry/api'
import { logs } from '@opentelemetry/api-logs'
const active = trace.getActiveSpan()
active?.setAttribute('login.password', password)
trace.getTracer('x').startActiveSpan('login', (each) => each.setAttributes({ password }))
logs.getLogger('login').emit({ body: 'login', attributes: { password } })`,
      finds: ['secret', 'secret', 'secret'],
    },
    {
      says: 'pino by every way that it is imported, a logger in capitals',
      code: `
import pino = require('pino')
const writer = pino()
writer.info({ password })
require('pino')().info({ password })
LOGGER.info({ password })`,
      finds: ['secret', 'secret', 'secret'],
    },
    {
      says: 'what an error tracker is given',
      code: `
import * as Sentry from '@sentry/node'
export function report(error: Error, request: Request, user: User) {
  Sentry.captureException(error, { extra: { body: request.body } })
  Sentry.setUser({ ...user })
  Sentry.withScope((scope) => {
    scope.setExtra('cookie', given)
    scope.setContext('request', { headers: request.headers })
  })
}`,
      finds: ['whole', 'whole', 'secret', 'whole'],
    },
    {
      says: 'a secret as the label of a metric',
      code: `
import { counter } from 'telltale'
const logins = counter('logins_total', { help: 'Logins.', labels: { by: String } })
logins.inc({ by: apiKey })`,
      finds: ['secret'],
    },
    {
      says: 'what is bound to a logger and goes out with every line',
      code: `
import pino from 'pino'
export const plugin = (req) => pino().child({ headers: req.headers, token: req.query.token })`,
      finds: ['whole', 'secret'],
    },
    {
      says: 'a field under the name of a secret, whatever it is read from',
      code: `
logger.warn('voucher_refused', { voucher_secret: voucher })
logger.debug('sent', { headers: { Authorization: value } })`,
      finds: ['secret', 'secret'],
    },
    {
      says: 'a token of whoever resets a password, in a file that speaks of a tokenizer',
      code: `import pino from 'pino'
// the tokenizer lives elsewhere
export function reset(token: string, resetToken: string) {
  pino().info({ token, resetToken }, 'reset asked')
}`,
      finds: ['secret', 'secret'],
    },
    {
      says: 'a header that is asked for by name, a token that is fetched',
      code: `
export function check(req) {
  log.warn('refused', { given: req.get('authorization') })
  log.warn('refused', { given: getAccessToken() })
}`,
      finds: ['secret', 'secret'],
    },
    {
      says: 'what came from a cookie',
      code: `
export function resume(req, res) {
  const id = req.cookies.sid
  log.info('session_resumed', { id, cookies: req.cookies })
}`,
      finds: ['secret', 'secret'],
    },
    {
      says: 'the body by the name that it was given',
      code: `
import { Body, Controller, Logger, Post } from '@nestjs/common'
@Controller('orders')
export class OrdersController {
  readonly #logger = new Logger('orders')
  @Post()
  place(@Body() dto: PlaceOrderDto) {
    this.#logger.log({ dto }, 'order received')
  }
}
export async function launch(c) {
  console.log(LaunchSchema.parse(c.req.body))
  const form = await c.req.parseBody()
  const { headers } = c.req.raw
  console.log(form, headers, c.get('user'))
}`,
      finds: [
        { id: 'whole', line: 8 },
        { id: 'whole', line: 12 },
        { id: 'whole', line: 15 },
        { id: 'whole', line: 15 },
        { id: 'whole', line: 15 },
      ],
    },
    {
      says: 'the configuration of a failed call, which has its headers',
      code: `
await axios.get(url).catch((error) => {
  logger.error('Carrier failed', { config: error.config, status: error.response.status })
})`,
      finds: ['whole'],
    },
    {
      says: 'secrets of the environment',
      code: `
console.log('starting', process.env.STRIPE_SECRET_KEY, appConfig.SMTP_PASSWORD)`,
      finds: ['secret', 'secret'],
    },
    {
      says: 'a name that is a secret in this service',
      options: { names: ['voucher'] },
      code: `
import bunyan from 'bunyan'
const log = bunyan.createLogger({ name: 'shop' })
log.info({ voucher }, 'voucher redeemed')`,
      finds: ['secret'],
    },
    {
      says: "a wrapper of the service's own",
      settings: { wrappers: [{ name: 'audit.record', kind: 'log' }] },
      code: `
audit.record('exported', { refreshToken: integration.refreshToken })`,
      finds: ['secret'],
    },
    {
      says: 'a request where nothing is known to serialise it, in whatever way one comes by it',
      code: `
import { Catch, Logger } from '@nestjs/common'
@Catch()
export class Filter {
  private readonly logger = new Logger(Filter.name)
  catch(exception: unknown, host: ArgumentsHost) {
    const req = host.switchToHttp().getRequest()
    this.logger.error({ event: 'request_failed', err: exception, req })
    this.logger.error({ event: 'request_failed', err: exception, raw: req.raw })
  }
}`,
      finds: ['whole', 'whole'],
    },
    {
      says: 'the environment as a default, a body that a function reads',
      language: 'js',
      code: `
export function load(env = process.env) {
  logger.debug('environment', { env })
}
export async function claim({ req }) {
  const body = await readJson(req, 4096)
  logger.warn('wrong code', { body })
}`,
      finds: ['whole', 'whole'],
    },
    {
      says: 'what was read of a header of that name',
      code: `
const guard = async (req, res, next) => {
  const key = req.header('x-api-key')
  if (!(await tenants.byKey(key))) log.warn('key_unknown', { ip: req.ip, key })
  next()
}`,
      finds: ['secret'],
    },
    {
      says: 'options whose password is read beside',
      language: 'cjs',
      code: `
const logger = require('pino')()
module.exports = function start(options) {
  const client = mqtt.connect(options.url, { password: options.password })
  client.on('connect', () => logger.info({ options }, 'connected'))
}
const login = { user, password }
logger.info({ login }, 'login')`,
      finds: ['secret', 'secret'],
    },
    {
      says: 'what a tracker is given beside an error',
      code: `
import Bugsnag from '@bugsnag/js'
import newrelic from 'newrelic'
Bugsnag.notify(err, (event) => event.addMetadata('request', { headers: req.headers }))
newrelic.addCustomAttributes({ authorization: req.headers.authorization })`,
      finds: ['whole', 'secret'],
    },
  ],
}
