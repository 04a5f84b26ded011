import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { annotatedType, variableOf } from './bindings.js'
import { pathOf, tailOf, wordsOf } from './names.js'
import { bare, type FunctionNode, isFunction, type Node } from './nodes.js'

const errorName = /^(?:err|error|ex|exception)$|(?:Err|Error|Exception)$/

/** Whether an expression is what was thrown: by where its name is declared, the name alone does not do. */
export function isError(node: Node, sourceCode: TSESLint.SourceCode, depth = 0): boolean {
  const inner = bare(node)
  switch (inner.type) {
    case 'Identifier':
      return depth < 4 && isErrorVariable(inner, sourceCode, depth)
    case 'ConditionalExpression':
      return isError(inner.consequent, sourceCode, depth) || isError(inner.alternate, sourceCode, depth)
    case 'LogicalExpression':
      return isError(inner.left, sourceCode, depth)
    case 'CallExpression':
      // toError(reason), ensureError(e)
      return wordsOf(tailOf(inner.callee)).at(-1) === 'error' && hasError(inner.arguments, sourceCode, depth)
    default:
      return false
  }
}

function hasError(nodes: readonly Node[], sourceCode: TSESLint.SourceCode, depth: number): boolean {
  return nodes.some((each) => isError(each, sourceCode, depth))
}

function isErrorVariable(node: TSESTree.Identifier, sourceCode: TSESLint.SourceCode, depth: number): boolean {
  const variable = variableOf(sourceCode, node)
  const definition = variable?.defs[0]
  if (variable === undefined || definition === undefined) return false
  const declared: Node = definition.node
  if (declared.type === 'CatchClause') return declared.param?.type === 'Identifier'
  if (isFunction(declared)) return isErrorParameter(definition.name as Node, node.name, declared)
  if (declared.type !== 'VariableDeclarator' || declared.id.type !== 'Identifier') return false
  if (declared.init != null && isError(declared.init, sourceCode, depth + 1)) return true
  return (
    errorName.test(node.name) &&
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
  const inner = bare(node)
  const text = (each: Node): Node | undefined => textOfError(each, sourceCode, depth)
  const errorOrText = (each: Node): Node | undefined => (isError(each, sourceCode) ? bare(each) : text(each))
  switch (inner.type) {
    case 'MemberExpression':
      if (tailOf(inner) !== 'message') return undefined
      // Of what Promise.allSettled() gives.
      return isError(inner.object, sourceCode) || tailOf(inner.object) === 'reason'
        ? bare(inner.object)
        : undefined
    case 'TemplateLiteral':
      return first(inner.expressions, errorOrText)
    case 'BinaryExpression':
      return inner.operator === '+' ? first([inner.left, inner.right], errorOrText) : undefined
    case 'ConditionalExpression':
      return first([inner.consequent, inner.alternate], text)
    case 'LogicalExpression':
      return first([inner.left, inner.right], text)
    case 'CallExpression':
      return ofCall(inner, sourceCode, text)
    case 'Identifier':
      return depth < 2 ? ofConstant(inner, sourceCode, depth) : undefined
    default:
      return undefined
  }
}

function first(nodes: readonly Node[], read: (node: Node) => Node | undefined): Node | undefined {
  for (const each of nodes) {
    const found = read(each)
    if (found !== undefined) return found
  }
  return undefined
}

const cutting =
  /^(?:slice|substring|substr|trim|trimEnd|split|at|replace|replaceAll|toLowerCase|toUpperCase)$/

/** `String(err)`, `err.toString()`, `JSON.stringify(err)` that gives `{}`, `errorMessage(err)`, `err.message.slice(0, 200)`. */
function ofCall(
  call: TSESTree.CallExpression,
  sourceCode: TSESLint.SourceCode,
  text: (node: Node) => Node | undefined,
): Node | undefined {
  const [argument] = call.arguments
  const name = pathOf(call.callee).join('.')
  const callee = bare(call.callee)
  if (callee.type === 'MemberExpression') {
    const method = tailOf(callee)
    if (method === 'toString' && isError(callee.object, sourceCode)) return bare(callee.object)
    if (cutting.test(method)) return text(callee.object)
  }
  if (argument === undefined || !isError(argument, sourceCode)) return undefined
  const isText = name === 'String' || name === 'JSON.stringify' || wordsOf(tailOf(callee)).includes('message')
  return isText ? bare(argument) : undefined
}

function ofConstant(
  node: TSESTree.Identifier,
  sourceCode: TSESLint.SourceCode,
  depth: number,
): Node | undefined {
  const definition = variableOf(sourceCode, node)?.defs[0]
  const declared: Node | undefined = definition?.node
  // catch ({ message })
  if (declared?.type === 'CatchClause' && declared.param?.type === 'ObjectPattern')
    return node.name === 'message' ? node : undefined
  if (declared?.type !== 'VariableDeclarator' || declared.init == null) return undefined
  // const { message } = error
  if (declared.id.type === 'ObjectPattern')
    return node.name === 'message' && isError(declared.init, sourceCode) ? bare(declared.init) : undefined
  return textOfError(declared.init, sourceCode, depth + 1)
}
