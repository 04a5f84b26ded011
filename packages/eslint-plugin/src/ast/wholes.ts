import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { annotatedType, importOf, initOf, variableOf } from './bindings.js'
import { type Carried, namesTo } from './carried.js'
import { tailOf, wordsOf } from './names.js'
import { ancestorsOf, bare, isFunction, type Node } from './nodes.js'

/** What is handed over with all that it has, in words: `the whole request`. */
export type Whole =
  | 'the whole request'
  | 'all headers'
  | 'the whole body'
  | 'the whole environment'
  | 'all that is known of somebody'
  | 'the whole session'

type Variable = TSESLint.Scope.Variable

const request = /^(?:req|request|httpRequest|rawRequest|incomingMessage|fastifyRequest|handshake)$/
const answer =
  /^(?:res|resp|response|reply|answer|result|message|msg|record|delivery|job|mail|email|column|columns|table|csv|sheet)$/
const headersName = /^(?:headers|rawHeaders|reqHeaders|requestHeaders|httpHeaders|incomingHeaders)$/
const bodyName = /^(?:body|rawBody|requestBody|reqBody)$/
/** Where frameworks put who is asking. */
const askedThrough = /^(?:req|request|ctx|context|c|state|locals|session|socket|auth|conn|connection|client)$/
const person =
  /^(?:user|customer|patient|subscriber|student|candidate|employee|applicant|person|passenger|reviewer)$/
/** Somebody by themselves, something else behind another word: `renderProfile`. */
const personAlone = /^(?:account|member|reader|guest|profile|viewer|contact)$/
const beforePerson = /^(?:current|new|old|existing|user|customer|updated|created|db|auth|my|target)$/

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
    ofPerson(key, variable)
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
  if (headersName.test(tail)) return answer.test(holder) || holder === 'this' ? undefined : 'all headers'
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

/** `import { env } from './env.js'` */
function isEnvironment(variable: Variable): boolean {
  return (
    variable.name === 'env' &&
    /(?:^|[/.\-_])env(?:ironment)?(?:$|[/.\-_])/.test(importOf(variable)?.source ?? '')
  )
}

/** By what a variable is given: `const form = await c.req.parseBody()`, `const { body } = req`, `@Body() dto`. */
function ofOrigin(variable: Variable): Whole | undefined {
  const init = initOf(variable)
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

/** `const { body } = ctx.request` → `['ctx', 'request', 'body']`. */
function takenFrom(variable: Variable): string[] | undefined {
  const [definition] = variable.defs
  if (definition?.node.type !== 'VariableDeclarator' || definition.node.init == null) return undefined
  const { id, init } = definition.node
  if (id.type !== 'ObjectPattern') return undefined
  const from = bare(init)
  if (from.type !== 'Identifier' && from.type !== 'MemberExpression') return undefined
  for (const property of id.properties) {
    if (property.type !== 'Property' || property.key.type !== 'Identifier') continue
    const value = property.value.type === 'AssignmentPattern' ? property.value.left : property.value
    if (value.type === 'Identifier' && value.name === variable.name)
      return [...namesTo(from), property.key.name]
  }
  return undefined
}

const requestType =
  /^(?:Http|Fastify|Next(?:Api)?|Express|Auth\w*|Hono|Koa|Raw|Incoming|Custom|My)?Request(?:With\w+)?$|^IncomingMessage$|^Req$/

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

/** Somebody with all that is known of them, as far as the name or the type tells and parts of it are read. */
function ofPerson(key: string | undefined, variable: Variable): Whole | undefined {
  // { userId: user }: it is the id that is so called.
  const [last = ''] = wordsOf(key ?? '').slice(-1)
  if (/^(?:id|ids|name|email|key|type|role|kind|count)$/.test(last)) return undefined
  const type = typeOf(variable)
  if (!isPerson(variable.name) && !isPerson(type ?? '')) return undefined
  return isObject(variable, type) ? 'all that is known of somebody' : undefined
}

/** `currentUser`, `UserEntity`. */
function isPerson(name: string): boolean {
  const all = wordsOf(name).filter((word) => !/^(?:entity|document|doc|model|row|record|dto)$/.test(word))
  const last = all.at(-1) ?? ''
  if (person.test(last)) return true
  return personAlone.test(last) && (all.length === 1 || beforePerson.test(all[0] ?? ''))
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

/** `@Body() dto`: what a parameter is given is written in front of it. */
function decoratorsOf(variable: Variable): readonly TSESTree.Decorator[] {
  const [definition] = variable.defs
  if (definition?.type !== 'Parameter') return []
  return (definition.name as { decorators?: TSESTree.Decorator[] }).decorators ?? []
}

const scalars = new Set(['TSStringKeyword', 'TSNumberKeyword', 'TSBooleanKeyword', 'TSBigIntKeyword'])

/** Written down as a text or a number, or given one. */
function isScalar(variable: Variable): boolean {
  for (const { name } of variable.defs) {
    const { typeAnnotation } = name as { typeAnnotation?: TSESTree.TSTypeAnnotation }
    const type = typeAnnotation?.typeAnnotation
    if (type === undefined) continue
    const all = type.type === 'TSUnionType' ? type.types : [type]
    if (all.some((each) => scalars.has(each.type) || each.type === 'TSLiteralType')) return true
  }
  const init = initOf(variable)
  if (init === undefined) return false
  const inner = bare(init)
  if (/^(?:Literal|TemplateLiteral|BinaryExpression|UnaryExpression)$/.test(inner.type)) return true
  const last = wordsOf(tailOf(inner)).at(-1) ?? ''
  return /^(?:id|name|email|username|login|sub|length|size|count|key|slug)$/.test(last)
}

function typeOf(variable: Variable): string | undefined {
  const [definition] = variable.defs
  if (definition === undefined) return undefined
  const name = definition.name as Node
  const { typeAnnotation } = name as { typeAnnotation?: TSESTree.TSTypeAnnotation }
  const type = typeAnnotation?.typeAnnotation
  if (type?.type === 'TSTypeLiteral') return 'object'
  if (type?.type === 'TSUnionType') {
    const reference = type.types.find((each) => each.type === 'TSTypeReference')
    return reference === undefined
      ? undefined
      : annotatedType({ ...name, typeAnnotation: { ...typeAnnotation, typeAnnotation: reference } } as Node)
  }
  return annotatedType(name)
}

const ofTexts =
  /^(?:length|slice|trim|split|replace|replaceAll|toLowerCase|toUpperCase|toString|startsWith|endsWith|includes|substring|match|padStart|padEnd|normalize|localeCompare|at|charAt|indexOf|toFixed)$/

/** It has parts that are read, or a type that has them. */
function isObject(variable: Variable, type: string | undefined): boolean {
  if (type !== undefined) return !/(?:Id|Name|Email|Key)$/.test(type)
  if (isFetched(variable)) return true
  return variable.references.some(({ identifier }) => {
    const { parent } = identifier as Node
    if (parent?.type === 'VariableDeclarator')
      return parent.init === (identifier as Node) && parent.id.type === 'ObjectPattern'
    return (
      parent?.type === 'MemberExpression' &&
      parent.object === (identifier as Node) &&
      !ofTexts.test(tailOf(parent))
    )
  })
}

/** `await users.findOne(id)`, `getCurrentUser()`. */
function isFetched(variable: Variable): boolean {
  const init = initOf(variable)
  const inner = init === undefined ? undefined : bare(init)
  if (inner?.type !== 'CallExpression') return false
  const [first = '', ...others] = wordsOf(tailOf(inner.callee))
  return (
    /^(?:find|get|load|fetch|create|insert|save|update|upsert|register)$/.test(first) &&
    !/^(?:id|ids|name|email|key|count|role|type)$/.test(others.at(-1) ?? '') &&
    // cookies.get('user'), localStorage.getItem('user'): a text.
    !/^(?:get|getItem|getHeader)$/.test(tailOf(inner.callee))
  )
}

/** Of a table: it is gone through, or asked for a place. */
function isList(variable: Variable): boolean {
  return variable.references.some(({ identifier }) => {
    const { parent } = identifier as Node
    if (parent?.type === 'MemberExpression')
      return /^(?:map|indexOf|includes|length|join|findIndex|forEach|slice|push|filter|every|some|find)$/.test(
        tailOf(parent),
      )
    return parent?.type === 'ForOfStatement'
  })
}

/** Whether a token is one of a grammar: `token.loc`, `switch (token.type)`, "Unexpected token". */
export function isLexical(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  if (node.type !== 'Identifier' || !/^(?:tok|token|\w+Token)$/.test(node.name)) return false
  for (const each of ancestorsOf(node))
    if (each.type === 'ThrowStatement')
      return (
        /unexpected|unterminated|syntax/i.test(sourceCode.getText(each)) || isReadAsLexical(node, sourceCode)
      )
  return isReadAsLexical(node, sourceCode)
}

function isReadAsLexical(node: TSESTree.Identifier, sourceCode: TSESLint.SourceCode): boolean {
  const variable = variableOf(sourceCode, node)
  if (variable === undefined) return false
  return variable.references.some(({ identifier }) => {
    const { parent } = identifier as Node
    if (parent?.type !== 'MemberExpression' || parent.object !== (identifier as Node)) return false
    if (tailOf(parent) === 'type') return parent.parent.type === 'SwitchStatement'
    return /^(?:kind|loc|start|end|range|line|column|pos|lexeme)$/.test(tailOf(parent))
  })
}
