import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { initOf, variableOf } from './bindings.js'
import { carriedIn, namesTo } from './carried.js'
import { isArrayCallback } from './functions.js'
import { tailOf, wordsOf } from './names.js'
import { bare, isFunction, type Node, throughout } from './nodes.js'

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
    'process thread pod instance host machine container replica schema migration build release version'
  ).split(' '),
)

const lastWords: readonly (readonly [Unbounded, RegExp])[] = [
  [
    'an id',
    /^(?:ids?|uuid|guid|ulid|cuid|nanoid|slug|sku|isbn|iban|ean|hash|checksum|digest|fingerprint|token|traceparent)$/,
  ],
  ['a URL', /^(?:url|urls|uri|href|link|permalink|querystring|referer|referrer|issuer)$/],
  ['a path', /^(?:pathname|filename|filepath|originalname|originalurl)$/],
  [
    "somebody's address",
    /^(?:email|emails|mail|phone|mobile|ip|ips|recipient|recipients|username|useragent)$/,
  ],
  [
    'a text',
    /^(?:text|note|notes|comment|subject|title|description|body|content|snippet|summary|stack|sql|input|query|search|keyword|term|prompt)$/,
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
/** Where a template of the route is kept: `req.route.path`, `req.routeOptions.url`, `reply.context.config.url`. */
const routed = /route|(?:^|\.)context\.config\./i
const people =
  /^(?:user|customer|account|patient|member|owner|author|company|contact|file|document|upload|attachment)$/

/** The part of a label's value that has no end of values, and why; undefined where it has, or where one can't tell. */
export function unboundedPart(
  node: Node,
  sourceCode: TSESLint.SourceCode,
): { readonly part: Node; readonly why: Unbounded } | undefined {
  for (const { node: part } of carriedIn(node)) {
    const why = ofValue(part, sourceCode, 0)
    if (why !== undefined) return { part, why }
  }
  return undefined
}

function unboundedIn(node: Node, sourceCode: TSESLint.SourceCode, depth: number): Unbounded | undefined {
  for (const { node: each } of carriedIn(node)) {
    const why = ofValue(each, sourceCode, depth)
    if (why !== undefined) return why
  }
  return undefined
}

function ofValue(node: Node, sourceCode: TSESLint.SourceCode, depth: number): Unbounded | undefined {
  if (node.type === 'CallExpression') return ofCall(node, sourceCode, depth)
  const path = namesTo(node)
  if (routed.test(path.join('.'))) return undefined
  const asked = ofRequest(path)
  if (asked !== undefined) return asked
  if (node.type === 'Identifier') return ofVariable(node, sourceCode, depth)
  // new URL(url).pathname
  if (isParsedUrl(node))
    return /^(?:host|hostname|protocol|port)$/.test(path.at(-1) ?? '') ? undefined : 'a URL'
  return ofName(path)
}

function isParsedUrl(node: Node): boolean {
  if (node.type !== 'MemberExpression') return false
  const holder = bare(node.object)
  return holder.type === 'NewExpression' && tailOf(holder.callee) === 'URL'
}

/** `req.params.slug`, `ctx.path`, `request.body.query`. */
function ofRequest(path: readonly string[]): Unbounded | undefined {
  const at = path.findIndex((name) => request.test(name))
  if (at < 0 || at === path.length - 1) return undefined
  const part = path.slice(at + 1)
  const [first = ''] = part[0] === 'request' || part[0] === 'req' ? part.slice(1) : part
  if (/^(?:body|query|params|headers|cookies|payload|searchParams|queries)$/.test(first)) return 'user input'
  if (/^(?:url|originalUrl|href|fullUrl)$/.test(first)) return 'a URL'
  if (/^(?:path|pathname|querystring|search|rawUrl)$/.test(first)) return 'a path'
  return /^(?:ip|ips|remoteAddress|hostname)$/.test(first) ? "somebody's address" : undefined
}

/** By the last words of a name, and what it is the name of. */
function ofName(path: readonly string[]): Unbounded | undefined {
  const tail = path.at(-1) ?? ''
  const holder = wordsOf(path.at(-2) ?? '').at(-1) ?? ''
  const all = wordsOf(tail)
  const last = all.at(-1) ?? ''
  // MODEL_ID, Queues.INVOICE_MAIL
  if (/^[A-Z][A-Z\d_]+$/.test(tail)) return undefined
  if (/^(?:is|has|num|total|count|max|min)$/.test(all[0] ?? '')) return undefined
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
  return undefined
}

function ofVariable(
  node: TSESTree.Identifier,
  sourceCode: TSESLint.SourceCode,
  depth: number,
): Unbounded | undefined {
  const variable = variableOf(sourceCode, node)
  if (variable === undefined || depth > 3) return ofName([node.name])
  if (isOneOfSeveral(variable) || isAskedAbout(variable)) return undefined
  const init = initOf(variable)
  if (init !== undefined) {
    const inner = bare(init)
    // A call is where a value is brought down to few; its name and what it is put in say nothing against that.
    if (inner.type === 'CallExpression')
      return ofCall(inner, sourceCode, depth + 1) ?? ofCalled(inner, node.name)
    if (inner.type === 'Literal') return undefined
    return unboundedIn(init, sourceCode, depth + 1)
  }
  const taken = takenFrom(variable)
  if (taken !== undefined) return ofRequest(taken) ?? ofName(taken)
  const [definition] = variable.defs
  // A caught error, written out.
  if (definition?.type === 'CatchClause' || isCaught(definition?.node as Node | undefined))
    return 'an error message'
  if (node.name === 'key' && definition?.type === 'Parameter') {
    const fn = definition.node as Node
    // A key of a store is used there too; one that is only counted may well be one of few.
    return variable.references.length < 2 || (isFunction(fn) && isArrayCallback(fn)) ? undefined : 'an id'
  }
  return ofName([node.name])
}

/** `const id = await ids.next()`: what a call gives is what it is called, where nothing was looked up by a table. */
function ofCalled(call: TSESTree.CallExpression, name: string): Unbounded | undefined {
  const method = tailOf(call.callee)
  if (
    /^(?:normali[sz]e|class|categor|bucket|group|label|kind|type|redact|mask|template|bounded|limit|allow|known|or)/i.test(
      method,
    )
  )
    return undefined
  const why = ofName([name])
  return why === 'an id' &&
    !/^(?:get|find|parse|next|create|generate|String|make|add|insert|begin)/.test(method)
    ? undefined
    : why === 'an id'
      ? why
      : undefined
}

const texts = /^(?:String|encodeURIComponent|decodeURIComponent|decodeURI|encodeURI|escape|unescape)$/
const shortening =
  /^(?:slice|substring|substr|padStart|padEnd|trimStart|trimEnd|concat|normalize|toLocaleLowerCase)$/

function ofCall(
  call: TSESTree.CallExpression,
  sourceCode: TSESLint.SourceCode,
  depth: number,
): Unbounded | undefined {
  const path = namesTo(call)
  const method = path.at(-1) ?? ''
  const [first] = call.arguments
  if (/^(?:randomUUID|uuid|uuidv4|v4|nanoid|ulid|cuid|createId)$/.test(method)) return 'an id'
  if (path.join('.') === 'Date.now' || /^(?:toISOString|toUTCString|getTime)$/.test(method)) return 'a time'
  const callee = bare(call.callee)
  if (callee.type === 'Identifier')
    return texts.test(method) && first !== undefined ? unboundedIn(first, sourceCode, depth + 1) : undefined
  if (callee.type !== 'MemberExpression') return undefined
  // c.req.param('id'), req.get('user-agent')
  if (/^(?:param|query|header|get|queries|params)$/.test(method) && first?.type === 'Literal')
    return path.slice(0, -1).some((name) => /^(?:req|request)$/.test(name)) || path.at(-2) === 'searchParams'
      ? 'user input'
      : undefined
  if (shortening.test(method) && !isShort(call)) return unboundedIn(callee.object, sourceCode, depth + 1)
  return undefined
}

/** `id.slice(0, 2)`: so short that few are left. */
function isShort({ arguments: [from, to] }: TSESTree.CallExpression): boolean {
  const end = to ?? from
  return end?.type === 'Literal' && typeof end.value === 'number' && end.value <= 4
}

/** `of ['mail', 'sms']`, `kind: 'a' | 'b'`. */
function isOneOfSeveral(variable: TSESLint.Scope.Variable): boolean {
  const [definition] = variable.defs
  if (definition === undefined) return false
  const { typeAnnotation } = definition.name as { typeAnnotation?: TSESTree.TSTypeAnnotation }
  const type = typeAnnotation?.typeAnnotation
  if (type?.type === 'TSBooleanKeyword' || type?.type === 'TSLiteralType') return true
  if (type?.type === 'TSUnionType' && type.types.every((each) => each.type === 'TSLiteralType')) return true
  const { node } = definition
  const loop = node.type === 'VariableDeclarator' ? (node.parent as Node).parent : undefined
  return loop?.type === 'ForOfStatement' && bare(loop.right).type === 'ArrayExpression'
}

/** Somewhere before it is asked what it is: `if (!kinds.includes(kind)) return`, `switch (kind)`. */
function isAskedAbout(variable: TSESLint.Scope.Variable): boolean {
  return variable.references.some(({ identifier }) => {
    const { parent } = identifier as Node
    if (parent?.type === 'SwitchStatement') return parent.discriminant === (identifier as Node)
    if (parent?.type === 'CallExpression')
      return (
        /^(?:includes|has|hasOwn|hasOwnProperty)$/.test(tailOf(parent.callee)) &&
        parent.parent.type !== 'ExpressionStatement'
      )
    return parent?.type === 'BinaryExpression' && parent.operator === 'in'
  })
}

function takenFrom(variable: TSESLint.Scope.Variable): string[] | undefined {
  const [definition] = variable.defs
  if (definition?.node.type !== 'VariableDeclarator' || definition.node.init == null) return undefined
  const { id, init } = definition.node
  if (id.type !== 'ObjectPattern') return undefined
  for (const property of id.properties) {
    if (property.type !== 'Property' || property.key.type !== 'Identifier') continue
    for (const each of throughout(property.value))
      if (each.type === 'Identifier' && each.name === variable.name)
        return [...namesTo(init), property.key.name]
  }
  return undefined
}

/** The parameter of `.catch((error) => …)`. */
function isCaught(node: Node | undefined): boolean {
  return (
    node !== undefined &&
    isFunction(node) &&
    node.parent.type === 'CallExpression' &&
    tailOf(node.parent.callee) === 'catch'
  )
}
