import { wordsOf } from './names.js'

/** Why a value has no end of values, in words: `an id`. */
export type Unbounded =
  | 'an id'
  | 'a URL'
  | 'a path'
  | "somebody's address"
  | 'a text'
  | 'an error message'
  | 'user input'
  | 'a time'
  | 'a measured number'

/** Things of which a service has few: their ids make few series. */
const few = new Set(
  (
    'worker shard partition node region zone cluster datacenter template plan provider model chain queue rule check plugin feature experiment ' +
    'variant pool network type kind status state category role step stage tier locale currency country topic exchange ' +
    'process thread pod instance host machine container replica schema migration build commit git release version'
  ).split(' '),
)

/** `planName`, `queue`: of which a service has few. */
export function isOfFew(name: string): boolean {
  return wordsOf(name).some((word) => few.has(word))
}

const lastWords: readonly (readonly [Unbounded, RegExp])[] = [
  [
    'an id',
    /^(?:ids?|uuid|guid|ulid|cuid|nanoid|slug|sku|isbn|iban|ean|hash|checksum|digest|fingerprint|traceparent)$/,
  ],
  ['a URL', /^(?:url|urls|uri|href|link|permalink|querystring|referer|referrer|issuer)$/],
  ['a path', /^(?:pathname|filename|filepath|originalname|originalurl)$/],
  [
    "somebody's address",
    /^(?:email|emails|mail|phone|mobile|ip|ips|recipient|recipients|sender|username|useragent)$/,
  ],
  [
    'a text',
    /^(?:text|note|notes|comment|subject|title|question|description|body|content|snippet|summary|stack|sql|input|query|search|keyword|term|prompt)$/,
  ],
  ['an error message', /^(?:message|msg)$/],
  ['a time', /^(?:timestamp|now|isodate)$/],
  ['a measured number', /^(?:amount|price|balance|duration|elapsed|latency)$/],
]
const ending: readonly (readonly [Unbounded, RegExp])[] = [
  ['an id', /(?:^|_)(?:idempotency|object|cache|redis|s3|storage|dedupe|dedup|partition)_key$/],
  ['a URL', /(?:^|_)(?:original|request|full|raw|target)_(?:url|path)$/],
  ['a path', /(?:^|_)(?:file|object)_(?:name|path|key)$/],
  [
    "somebody's address",
    /(?:^|_)(?:remote|ip|client|mail|email|peer)_(?:addr|address)$|(?:^|_)(?:full|first|last|user|display|nick|customer|patient|login)_name$|(?:^|_)user_agent$/,
  ],
  ['a time', /_at$|^created_on$/],
]

/** What has a number or a code of its own: `invoice.number`, `voucherCode`. */
const numbered =
  /^(?:order|invoice|account|tracking|serial|ticket|batch|case|customer|patient|phone|voucher|coupon|promo|gift|discount|postal|zip)$/

const request = /^(?:req|request|ctx|context|c)$/
const errors = /^(?:err|error|e|ex|exception|cause|reason)$|(?:Error|Err|Exception)$/
const people =
  /^(?:user|customer|account|patient|member|owner|author|company|contact|file|document|upload|attachment)$/

/** `req.params.slug`, `ctx.path`, `request.body.query`. */
export function ofRequest(path: readonly string[]): Unbounded | undefined {
  const at = path.findIndex((name) => request.test(name))
  if (at < 0 || at === path.length - 1) return undefined
  const part = path.slice(at + 1)
  const [first = ''] = part[0] === 'request' || part[0] === 'req' ? part.slice(1) : part
  if (/^(?:body|query|params|headers|cookies|payload|searchParams|queries)$/.test(first)) return 'user input'
  if (/^(?:url|originalUrl|href|fullUrl)$/.test(first)) return 'a URL'
  if (/^(?:path|pathname|querystring|search|rawUrl)$/.test(first)) return 'a path'
  return /^(?:ip|ips|remoteAddress|hostname)$/.test(first) ? "somebody's address" : undefined
}

/** `config.sender`, `this.settings.baseUrl`: the same at each call. */
export function isConfigured(path: readonly string[]): boolean {
  const [first = '', second] = path[0] === 'this' ? path.slice(1) : path
  return second !== undefined && /^(?:config|settings|environment|env)$/.test(first)
}

/** By the last words of a name, and what it is the name of. */
export function ofName(path: readonly string[]): Unbounded | undefined {
  const tail = path.at(-1) ?? ''
  const holder = wordsOf(path.at(-2) ?? '').at(-1) ?? ''
  const all = wordsOf(tail)
  const last = all.at(-1) ?? ''
  // MODEL_ID, Queues.INVOICE_MAIL
  if (/^[A-Z][A-Z\d_]+$/.test(tail)) return undefined
  if (/^(?:is|has|num|total|count|max|min)$/.test(all[0] ?? '')) return undefined
  // Express has there what a router is mounted at.
  if (isConfigured(path) || tail === 'baseUrl') return undefined
  for (const [why, pattern] of lastWords) {
    if (!pattern.test(last)) continue
    if (why === 'an id' && few.has(all.length > 1 ? (all.at(-2) ?? '') : holder)) return undefined
    return why === 'an error message' && !errors.test(path.at(-2) ?? 'error') && last === 'msg'
      ? undefined
      : why
  }
  const text = all.join('_')
  for (const [why, pattern] of ending) if (pattern.test(text)) return why
  if (/^(?:number|code)$/.test(last) && numbered.test(all.length > 1 ? (all.at(-2) ?? '') : holder))
    return 'an id'
  if (last === 'name' && all.length === 1 && people.test(holder)) return "somebody's address"
  // mail.from, envelope.to, message.key
  if (/^(?:from|to|cc|bcc|reply_to)$/.test(text) && /^(?:mail|email|message|envelope)$/.test(holder))
    return "somebody's address"
  if (tail === 'key' && /^(?:message|record|object|obj)$/.test(holder)) return 'an id'
  return undefined
}
