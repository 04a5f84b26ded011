import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { annotatedType, variableOf } from './bindings.js'
import { pathOf, tailOf, wordsOf } from './names.js'
import { bare, type FunctionNode, isFunction, type Node } from './nodes.js'

const errorName = /^(?:err|error|ex|exception)$|(?:Err|Error|Exception)$/

/** Whether an expression is what was thrown: by where its name is declared, the name alone does not do. */
export function isError(node: Node, sourceCode: TSESLint.SourceCode, depth = 0): boolean {
  for (const waiting = [node]; waiting.length > 0;) {
    const inner = bare(waiting.pop() as Node)
    if (inner.type === 'Identifier') {
      if (depth < deepest && isErrorVariable(inner, sourceCode, depth)) return true
    } else if (inner.type === 'ConditionalExpression') waiting.push(inner.alternate, inner.consequent)
    else if (inner.type === 'LogicalExpression') waiting.push(inner.left)
    // toError(reason), ensureError(e)
    else if (inner.type === 'CallExpression' && wordsOf(tailOf(inner.callee)).at(-1) === 'error')
      for (const each of inner.arguments) waiting.push(each)
  }
  return false
}

// From one constant to the next.
const deepest = 4

/** The errors among the variables, by how many constants have led to them. */
const errorsAt = Array.from({ length: deepest }, () => new WeakMap<TSESLint.Scope.Variable, boolean>())

function isErrorVariable(node: TSESTree.Identifier, sourceCode: TSESLint.SourceCode, depth: number): boolean {
  const variable = variableOf(sourceCode, node)
  if (variable === undefined) return false
  const known = errorsAt[depth]?.get(variable)
  if (known !== undefined) return known
  // What is given to itself is asked once.
  errorsAt[depth]?.set(variable, false)
  const isOne = isGivenError(variable, sourceCode, depth)
  errorsAt[depth]?.set(variable, isOne)
  return isOne
}

function isGivenError(
  variable: TSESLint.Scope.Variable,
  sourceCode: TSESLint.SourceCode,
  depth: number,
): boolean {
  const { name } = variable
  const [definition] = variable.defs
  if (definition === undefined) return false
  const declared: Node = definition.node
  if (declared.type === 'CatchClause') return declared.param?.type === 'Identifier'
  if (isFunction(declared)) return isErrorParameter(definition.name as Node, name, declared)
  if (declared.type !== 'VariableDeclarator' || declared.id.type !== 'Identifier') return false
  if (declared.init != null && isError(declared.init, sourceCode, depth + 1)) return true
  return (
    errorName.test(name) &&
    variable.references.some(
      ({ writeExpr, init }) => writeExpr != null && !init && isError(writeExpr, sourceCode, depth + 1),
    )
  )
}

/** `.catch((reason) => …)`, `(err, rows) => …`, `function fail(error: Error)`. */
function isErrorParameter(declared: Node, name: string, fn: FunctionNode): boolean {
  const type = annotatedType(declared)
  if (type !== undefined) return /(?:Error|Exception)$/.test(type)
  if (isRejection(fn) || failureListener(fn) === 0) return fn.params[0] === declared
  if (failureListener(fn) === 1) return fn.params[1] === declared
  const annotation = (declared as { typeAnnotation?: TSESTree.TSTypeAnnotation }).typeAnnotation
  const { type: kind } = annotation?.typeAnnotation ?? {}
  if (kind !== undefined && kind !== 'TSUnknownKeyword' && kind !== 'TSAnyKeyword') return false
  return fn.params.includes(declared as TSESTree.Parameter) && errorName.test(name)
}

/** The error's position among the parameters of a listener: `.on('error', fn)`, `.on('failed', (job, e) => …)`. */
function failureListener(fn: FunctionNode): 0 | 1 | undefined {
  const { parent } = fn
  if (parent.type !== 'CallExpression' || parent.arguments[1] !== (fn as Node)) return undefined
  const [event] = parent.arguments
  if (!/^(?:on|once|addListener)$/.test(tailOf(parent.callee)) || event?.type !== 'Literal') return undefined
  if (event.value === 'failed') return 1
  return /^(?:error|uncaughtException|unhandledRejection)$/.test(String(event.value)) ? 0 : undefined
}

/** The handler of a promise's rejection: `.catch(fn)`, `.then(undefined, fn)`. */
export function isRejection(fn: FunctionNode): boolean {
  const { parent } = fn
  if (parent.type !== 'CallExpression' || bare(parent.callee).type !== 'MemberExpression') return false
  const at = parent.arguments.indexOf(fn as TSESTree.Expression)
  const method = tailOf(parent.callee)
  return (method === 'catch' && at === 0) || (method === 'then' && at === 1)
}

/**
 * The error whose text alone an expression is: `err.message`, `String(err)`, `${err}`, `err instanceof Error ? err.message : 'x'`,
 * or a constant that was given one of these.
 */
export function textOfError(node: Node, sourceCode: TSESLint.SourceCode, depth = 0): Node | undefined {
  // No recursion: a sum of ten thousand strings is as deep as it is long.
  const waiting: Part[] = [{ node, isWritten: false }]
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const inner = bare(part.node)
    if (part.isWritten && isError(inner, sourceCode)) return inner
    const parts = partsOf(inner)
    for (let at = parts.length - 1; at >= 0; at--) waiting.push(parts[at] as Part)
    const found = parts.length === 0 ? ofOne(inner, sourceCode, depth) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** A part of a text; what is written into it becomes a text there. */
interface Part {
  readonly node: Node
  readonly isWritten: boolean
}

function partsOf(inner: Node): readonly Part[] {
  const parts = (nodes: readonly Node[], isWritten: boolean): Part[] =>
    nodes.map((node) => ({ node, isWritten }))
  switch (inner.type) {
    case 'TemplateLiteral':
      return parts(inner.expressions, true)
    case 'BinaryExpression':
      return inner.operator === '+' ? parts([inner.left, inner.right], true) : []
    case 'ConditionalExpression':
      return parts([inner.consequent, inner.alternate], false)
    case 'LogicalExpression':
      return parts([inner.left, inner.right], false)
    case 'CallExpression': {
      // err.message.slice(0, 200)
      const callee = bare(inner.callee)
      const isCut = callee.type === 'MemberExpression' && cutting.test(tailOf(callee))
      return isCut ? parts([callee.object], false) : []
    }
    default:
      return []
  }
}

function ofOne(inner: Node, sourceCode: TSESLint.SourceCode, depth: number): Node | undefined {
  if (inner.type === 'CallExpression') return ofCall(inner, sourceCode)
  if (inner.type === 'Identifier') return depth < 2 ? ofConstant(inner, sourceCode, depth) : undefined
  if (inner.type !== 'MemberExpression' || tailOf(inner) !== 'message') return undefined
  // Of what Promise.allSettled() gives.
  return isError(inner.object, sourceCode) || tailOf(inner.object) === 'reason'
    ? bare(inner.object)
    : undefined
}

const cutting =
  /^(?:slice|substring|substr|trim|trimEnd|split|at|replace|replaceAll|toLowerCase|toUpperCase)$/

/** `String(err)`, `err.toString()`, `JSON.stringify(err)` that gives `{}`, `errorMessage(err)`. */
function ofCall(call: TSESTree.CallExpression, sourceCode: TSESLint.SourceCode): Node | undefined {
  const [argument] = call.arguments
  const name = pathOf(call.callee).join('.')
  const callee = bare(call.callee)
  if (callee.type === 'MemberExpression' && tailOf(callee) === 'toString')
    if (isError(callee.object, sourceCode)) return bare(callee.object)
  if (argument === undefined || !isError(argument, sourceCode)) return undefined
  const isText = name === 'String' || name === 'JSON.stringify' || wordsOf(tailOf(callee)).includes('message')
  return isText ? bare(argument) : undefined
}

function ofConstant(
  node: TSESTree.Identifier,
  sourceCode: TSESLint.SourceCode,
  depth: number,
): Node | undefined {
  const variable = variableOf(sourceCode, node)
  const declared: Node | undefined = variable?.defs[0]?.node
  // catch ({ message })
  if (declared?.type === 'CatchClause' && declared.param?.type === 'ObjectPattern')
    return node.name === 'message' ? node : undefined
  if (declared?.type !== 'VariableDeclarator' || declared.init == null) return undefined
  // const { message } = error
  if (declared.id.type === 'ObjectPattern')
    return node.name === 'message' && isError(declared.init, sourceCode) ? bare(declared.init) : undefined
  const known = textsAt[depth]?.get(declared)
  if (known !== undefined) return known ?? undefined
  const found = textOfError(declared.init, sourceCode, depth + 1)
  textsAt[depth]?.set(declared, found ?? null)
  return found
}

/** The errors whose texts constants were given, by how many constants have led to them. */
const textsAt = [new WeakMap<Node, Node | null>(), new WeakMap<Node, Node | null>()]
