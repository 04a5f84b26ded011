import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { initOf, variableOf } from './bindings.js'
import { carriedIn, namesTo } from './carried.js'
import { isError } from './errors.js'
import { isArrayCallback } from './functions.js'
import { tailOf, wordsOf } from './names.js'
import { bare, isFunction, type Node, within } from './nodes.js'
import { once } from './once.js'
import { isConfigured, isOfFew, ofName, ofRequest, type Unbounded } from './unbounded-names.js'
import { takenFrom } from './variables.js'

/** Where a template of the route is kept: `req.route.path`, `req.routeOptions.url`, `reply.context.config.url`. */
const routed = /route|(?:^|\.)context\.config\./i

/**
 * The part of a label's value that has no end of values, and why; undefined where it has, or where one can't tell. What the
 * value itself doesn't tell, the label's own name may: `{ recipient: to }`.
 */
export function unboundedPart(
  node: Node,
  label: string | undefined,
  sourceCode: TSESLint.SourceCode,
): { readonly part: Node; readonly why: Unbounded } | undefined {
  for (const { node: part, inText } of carriedIn(node)) {
    const why = inText && isError(part, sourceCode) ? 'an error message' : ofValue(part, sourceCode, 0)
    // { model_id: id }
    const isOne =
      why === 'an id' && tailOf(part) === 'id' && part.type === 'Identifier' && isOfFew(label ?? '')
    if (why !== undefined && !isOne) return { part, why }
  }
  const inner = bare(node)
  const why = label === undefined || !isUntold(inner, sourceCode) ? undefined : ofName([label])
  return why === 'an id' || why === "somebody's address" ? { part: inner, why } : undefined
}

/** What says nothing of its kind: `{ customer_id: order.customer }`, `{ user_id: claims.sub }`. */
const unspecific = /^(?:to|from|sub|owner|user|customer|account|value|address|number|no|nr|login|handle)$/

/** A parameter, or a property of one, of which nothing is known but that it was given. */
function isUntold(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  const path = namesTo(node)
  if (path.includes('') || isConfigured(path) || isOfFew(path.at(-1) ?? '') || routed.test(path.join('.')))
    return false
  if (node.type === 'MemberExpression') return path.length === 2 && unspecific.test(path[1] ?? '')
  const variable = node.type === 'Identifier' ? variableOf(sourceCode, node) : undefined
  return (
    variable?.defs[0]?.type === 'Parameter' &&
    !isOneOfSeveral(variable) &&
    !isAskedAbout(variable) &&
    variable.name !== 'key'
  )
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

// From one constant to the next.
const deepest = 3
const knownAt = Array.from(
  { length: deepest + 1 },
  () => new WeakMap<TSESLint.Scope.Variable, Unbounded | 'bounded'>(),
)

function ofVariable(
  node: TSESTree.Identifier,
  sourceCode: TSESLint.SourceCode,
  depth: number,
): Unbounded | undefined {
  const variable = variableOf(sourceCode, node)
  if (variable === undefined || depth > deepest) return ofName([node.name])
  const known = knownAt[depth]?.get(variable)
  if (known !== undefined) return known === 'bounded' ? undefined : known
  const found = ofDeclared(node, variable, sourceCode, depth)
  knownAt[depth]?.set(variable, found ?? 'bounded')
  return found
}

function ofDeclared(
  node: TSESTree.Identifier,
  variable: TSESLint.Scope.Variable,
  sourceCode: TSESLint.SourceCode,
  depth: number,
): Unbounded | undefined {
  if (isOneOfSeveral(variable) || isAskedAbout(variable)) return undefined
  const init = initOf(variable)
  if (init !== undefined) {
    const inner = bare(init)
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
  if (isSplitAsAddress(variable)) return "somebody's address"
  if (node.name === 'topic' && isOfMqtt(definition?.node as Node | undefined)) return 'a path'
  if (node.name === 'key' && definition?.type === 'Parameter') {
    const fn = definition.node as Node
    // A key of a store is used there too; one that is only counted may well be one of few.
    return variable.references.length < 2 || (isFunction(fn) && isArrayCallback(fn)) ? undefined : 'an id'
  }
  return ofName([node.name])
}

/** `const id = await ids.next()`, `const userId = getUserId(req)`; any other call may well bring it down to few. */
function ofCalled(call: TSESTree.CallExpression, name: string): Unbounded | undefined {
  const isOfOne = /^(?:get|find|parse|next|create|generate|make|add|insert|begin)/.test(tailOf(call.callee))
  return isOfOne && ofName([name]) === 'an id' ? 'an id' : undefined
}

/** `endToEndId(entry)`, `userIdOf(req)`; not `findById(id)`. */
function ofMaker(method: string): Unbounded | undefined {
  const words = wordsOf(method)
  const name = words.at(-1) === 'of' ? words.slice(0, -1) : words
  return words.includes('by') || ofName([name.join('_')]) !== 'an id' ? undefined : 'an id'
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
    return texts.test(method) && first !== undefined
      ? unboundedIn(first, sourceCode, depth + 1)
      : ofMaker(method)
  if (callee.type !== 'MemberExpression') return undefined
  // c.req.param('id'), req.get('user-agent')
  if (/^(?:param|query|header|get|queries|params)$/.test(method) && first?.type === 'Literal')
    return path.slice(0, -1).some((name) => /^(?:req|request)$/.test(name)) || path.at(-2) === 'searchParams'
      ? 'user input'
      : undefined
  if (shortening.test(method) && !isShort(call) && !isCutAt(call))
    return unboundedIn(callee.object, sourceCode, depth + 1)
  return undefined
}

/** `id.slice(0, 2)`: so short that few are left. */
function isShort({ arguments: [from, to] }: TSESTree.CallExpression): boolean {
  const end = to ?? from
  return end?.type === 'Literal' && typeof end.value === 'number' && end.value <= 4
}

/** `to.slice(to.indexOf('@') + 1)`: a part that may be one of few. */
function isCutAt({ arguments: given }: TSESTree.CallExpression): boolean {
  return given.some((each) =>
    [...within(each)].some((part) => /^(?:indexOf|lastIndexOf|search)$/.test(tailOf(part))),
  )
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
const isAskedAbout = once((variable: TSESLint.Scope.Variable) => {
  return variable.references.some(({ identifier }) => {
    const { parent } = identifier as Node
    if (parent?.type === 'SwitchStatement') return parent.discriminant === (identifier as Node)
    if (parent?.type === 'CallExpression')
      return (
        /^(?:includes|has|hasOwn|hasOwnProperty)$/.test(tailOf(parent.callee)) &&
        // What is waited for is a store, which has many.
        !/^(?:ExpressionStatement|AwaitExpression)$/.test(parent.parent.type)
      )
    return parent?.type === 'BinaryExpression' && parent.operator === 'in'
  })
})

/** `to.split('@')` */
function isSplitAsAddress(variable: TSESLint.Scope.Variable): boolean {
  return variable.references.some(({ identifier }) => {
    const { parent } = identifier as Node
    if (parent?.type !== 'MemberExpression' || parent.object !== (identifier as Node)) return false
    if (!/^(?:split|indexOf|lastIndexOf|includes)$/.test(tailOf(parent))) return false
    const [first] = parent.parent.type === 'CallExpression' ? parent.parent.arguments : []
    return first?.type === 'Literal' && first.value === '@'
  })
}

/** `client.on('message', (topic, payload) => …)`: devices have topics of their own there. */
function isOfMqtt(node: Node | undefined): boolean {
  if (node === undefined || !isFunction(node) || node.parent.type !== 'CallExpression') return false
  const [event] = node.parent.arguments
  return (
    tailOf(node.parent.callee) === 'on' &&
    event?.type === 'Literal' &&
    event.value === 'message' &&
    tailOf(node.params[0] as Node) === 'topic' &&
    node.params.length > 1
  )
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
