import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { importOf, initOf, variableOf } from './bindings.js'
import { type Carried, namesTo } from './carried.js'
import { tailOf, wordsOf } from './names.js'
import { bare, isFunction, type Node } from './nodes.js'
import { once } from './once.js'
import { isSomebody } from './people.js'
import { decoratorsOf, isScalar, takenFrom, typeOf, type Variable } from './variables.js'

/** What is handed over with all that it has, in words: `the whole request`. */
export type Whole =
  | 'the whole request'
  | 'all headers'
  | 'the whole body'
  | 'the whole environment'
  | 'all that is known of somebody'
  | 'the whole session'

const request = /^(?:req|request|httpRequest|rawRequest|incomingMessage|fastifyRequest|handshake)$/
const answer =
  /^(?:res|resp|response|reply|answer|result|message|msg|record|delivery|job|mail|email|column|columns|table|csv|sheet)$/
const headersName = /^(?:headers|rawHeaders|reqHeaders|requestHeaders|httpHeaders|incomingHeaders)$/
const bodyName = /^(?:body|rawBody|requestBody|reqBody)$/
/** Where frameworks put who is asking. */
const askedThrough = /^(?:req|request|ctx|context|c|state|locals|session|socket|auth|conn|connection|client)$/
/** What a value is the whole of, if it is one; by its name, by what it is given, by what is read of it. */
export function wholeOf(
  { node, key, inText, isSpelledOut }: Carried,
  sourceCode: TSESLint.SourceCode,
): Whole | undefined {
  // `${user}` is a word or [object Object].
  if (inText && !isSpelledOut) return undefined
  if (node.type === 'CallExpression') return ofCall(node)
  if (node.type === 'MemberExpression') return ofPath(namesTo(node))
  if (node.type !== 'Identifier') return undefined
  const variable = variableOf(sourceCode, node)
  if (variable === undefined || isScalar(variable)) return undefined
  if (isEnvironment(variable)) return 'the whole environment'
  return (
    ofOrigin(variable) ??
    (isReceived(variable) ? ofParameter(variable) : undefined) ??
    (isSomebody(key, variable) ? 'all that is known of somebody' : undefined)
  )
}

function ofPath(path: readonly string[]): Whole | undefined {
  const tail = path.at(-1) ?? ''
  const holder = path.at(-2) ?? ''
  if (path.join('.') === 'process.env' || path.join('.') === 'Bun.env') return 'the whole environment'
  // The request and the configuration of a failed call hold what it was sent with.
  if (/^(?:request|config)$/.test(tail) && /^(?:err|error|e|reason|cause)$/.test(holder))
    return 'the whole request'
  if (/^(?:req|request)$/.test(tail) && /^(?:ctx|context|c|reply|res|this)$/.test(holder))
    return 'the whole request'
  if (headersName.test(tail)) {
    const [last = ''] = wordsOf(holder).slice(-1)
    return answer.test(last) || holder === 'this' ? undefined : 'all headers'
  }
  // Hono's c.req.raw, Nest's request.raw
  if (tail === 'raw' && request.test(holder)) return 'the whole request'
  if (!isAsking(path)) return undefined
  // Koa's ctx.header
  if (tail === 'header') return 'all headers'
  if (bodyName.test(tail) || (tail === 'payload' && request.test(holder))) return 'the whole body'
  if (tail === 'session' && request.test(holder)) return 'the whole session'
  return /^(?:user|currentUser|account|customer)$/.test(tail) ? 'all that is known of somebody' : undefined
}

function isAsking(path: readonly string[]): boolean {
  return path.slice(0, -1).some((name) => request.test(name)) || askedThrough.test(path.at(-2) ?? '')
}

/** `c.req.header()`, `await req.json()`, `c.get('user')`. */
function ofCall(call: TSESTree.CallExpression): Whole | undefined {
  const path = namesTo(call)
  const [first] = call.arguments
  const method = path.at(-1) ?? ''
  // host.switchToHttp().getRequest()
  if (method === 'getRequest') return 'the whole request'
  if (isBodyOfRequest(call)) return 'the whole body'
  if (first === undefined) {
    if (path.slice(0, -1).some((name) => request.test(name))) {
      if (/^(?:json|formData|parseBody|text|getBody)$/.test(method)) return 'the whole body'
      if (/^(?:header|headers|getHeaders)$/.test(method)) return 'all headers'
    }
    return path.join('.') === 'Deno.env.toObject' ? 'the whole environment' : undefined
  }
  // LoginSchema.parse(req.body): checked, and as whole as before.
  if (
    /^(?:parse|parseAsync|validate|validateAsync|validateSync|cast|plainToInstance|plainToClass)$/.test(
      method,
    )
  )
    return call.arguments.map((each) =>
      each.type === 'MemberExpression' ? ofPath(namesTo(each)) : undefined,
    )[0]
  const isUser = first.type === 'Literal' && first.value === 'user'
  return isUser && method === 'get' && askedThrough.test(path.at(-2) ?? '')
    ? 'all that is known of somebody'
    : undefined
}

/** `readJson(req)`, `getRawBody(req, { limit })`. */
function isBodyOfRequest({ callee, arguments: [first] }: TSESTree.CallExpression): boolean {
  return (
    first?.type === 'Identifier' &&
    request.test(first.name) &&
    /^(?:json|text|form|urlencoded|buffer|(?:read|get|parse|collect)(?:Raw|Request|Req)?(?:Json|JSON|Body|Form|FormData|Payload))$/.test(
      tailOf(callee),
    )
  )
}

/** `import { env } from './env.js'` */
function isEnvironment(variable: Variable): boolean {
  return (
    variable.name === 'env' &&
    /(?:^|[/.\-_])env(?:ironment)?(?:$|[/.\-_])/.test(importOf(variable)?.source ?? '')
  )
}

/** By what a variable is given: `const form = await c.req.parseBody()`, `const { body } = req`, `@Body() dto`. */
function ofOrigin(variable: Variable): Whole | undefined {
  const init = initOf(variable) ?? defaultOf(variable)
  const inner = init === undefined ? undefined : bare(init)
  if (inner?.type === 'MemberExpression') return ofPath(namesTo(inner))
  if (inner?.type === 'CallExpression') return ofCall(inner)
  const taken = takenFrom(variable)
  if (taken !== undefined) return ofPath(taken)
  for (const decorator of decoratorsOf(variable)) {
    const { expression } = decorator
    if (expression.type !== 'CallExpression' || expression.arguments.length > 0) continue
    const name = tailOf(expression.callee)
    if (name === 'Body') return 'the whole body'
    if (name === 'Headers') return 'all headers'
    if (name === 'Req' || name === 'Request') return 'the whole request'
  }
  return undefined
}

/** `(env = process.env) => …` */
function defaultOf(variable: Variable): Node | undefined {
  const [definition] = variable.defs
  const name = definition?.name as Node | undefined
  if (definition?.type !== 'Parameter' || name?.parent?.type !== 'AssignmentPattern') return undefined
  return isFunction(name.parent.parent as Node) ? name.parent.right : undefined
}

const requestType =
  /^(?:Http|Fastify|Next(?:Api)?|Express|Auth\w{0,50}|Hono|Koa|Raw|Incoming|Custom|My)?Request(?:With\w{1,50})?$|^IncomingMessage$|^Req$/

function isReceived(variable: Variable): boolean {
  return variable.defs[0]?.type === 'Parameter'
}

/** By a parameter's own name. */
function ofParameter(variable: Variable): Whole | undefined {
  const { name } = variable
  if (request.test(name)) {
    const type = typeOf(variable)
    return type === undefined || requestType.test(type) ? 'the whole request' : undefined
  }
  if (headersName.test(name)) return isList(variable) ? undefined : 'all headers'
  return bodyName.test(name) && isOwnBody(variable) ? 'the whole body' : undefined
}

/** A body that was received: a parameter, not that of an answer. */
function isOwnBody(variable: Variable): boolean {
  const [definition] = variable.defs
  const fn = definition?.node as Node | undefined
  if (fn === undefined || !isFunction(fn)) return false
  if (fn.parent.type === 'CallExpression' && tailOf(fn.parent.callee) === 'then') return false
  const [first] = fn.params
  return !(
    first?.type === 'Identifier' &&
    first.name !== variable.name &&
    /^(?:err|error|e)$/.test(first.name)
  )
}

/** Of a table: it is gone through, or asked for a place. */
const isList = once((variable: Variable) =>
  variable.references.some(({ identifier }) => {
    const { parent } = identifier as Node
    if (parent?.type === 'MemberExpression')
      return /^(?:map|indexOf|includes|length|join|findIndex|forEach|slice|push|filter|every|some|find)$/.test(
        tailOf(parent),
      )
    return parent?.type === 'ForOfStatement'
  }),
)
