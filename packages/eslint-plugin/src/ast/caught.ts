import { isRejection } from './errors.js'
import { pathOf, tailOf, wordsOf } from './names.js'
import { ancestorsOf, bare, isFunction, type Node, within } from './nodes.js'

/** What handles an error, and the name that it gives to it; undefined where it does not even name it. */
export interface Handler {
  readonly node: Node
  readonly body: Node
  readonly error: string | undefined
}

/** The nearest `catch` or `.catch()` that a node runs in, in the same function. */
export function handlerOf(node: Node): Handler | undefined {
  for (const each of ancestorsOf(node)) {
    if (each.type === 'CatchClause') {
      if (each.param != null && each.param.type !== 'Identifier') return undefined
      return { node: each, body: each.body, error: each.param?.name }
    }
    if (!isFunction(each)) continue
    const [first] = each.params
    if (!isRejection(each) || (first !== undefined && first.type !== 'Identifier')) return undefined
    return { node: each, body: each.body, error: first?.name }
  }
  return undefined
}

/** Whether a node runs only if the error is one certain one: `if (err.code === 'P2002')`, `switch (err.name)`. */
export function isNarrowedByCode(node: Node, { node: handler, error }: Handler): boolean {
  let inner = node
  for (const each of ancestorsOf(node)) {
    if (each === handler || error === undefined) return false
    if (each.type === 'IfStatement' && each.consequent === inner && asksCode(each.test, error)) return true
    if (each.type === 'SwitchStatement' && inner !== each.discriminant && isOf(each.discriminant, error))
      return true
    inner = each
  }
  return false
}

function asksCode(test: Node, error: string): boolean {
  const inner = bare(test)
  if (inner.type === 'LogicalExpression') return asksCode(inner.left, error) || asksCode(inner.right, error)
  if (inner.type === 'BinaryExpression')
    return /^===?$/.test(inner.operator) && (isOf(inner.left, error) || isOf(inner.right, error))
  if (inner.type !== 'CallExpression') return false
  // isUniqueViolation(err), err.message.includes('timeout')
  const [first = ''] = wordsOf(tailOf(inner.callee))
  if (/^(?:is|has)$/.test(first)) return inner.arguments.some((each) => pathOf(each)[0] === error)
  return /^(?:includes|starts|test|match)$/.test(first) && isOf(inner.callee, error)
}

function isOf(node: Node, error: string): boolean {
  const path = pathOf(node)
  return path.length > 1 && path[0] === error
}

/** In the branch of an error of a known kind, where its text says enough: `if (err instanceof QuotaExceeded)`. */
export function isOfKnownKind(node: Node, name: string): boolean {
  let inner = node
  for (const each of ancestorsOf(node)) {
    if (isFunction(each)) return false
    if (each.type === 'IfStatement' && each.consequent === inner && asksKind(each.test, name)) return true
    if (
      each.type === 'BlockStatement' &&
      each.body.some((one) => one.range[1] <= inner.range[0] && leavesOthers(one, name))
    )
      return true
    inner = each
  }
  return false
}

function asksKind(test: Node, name: string): boolean {
  const isOfError = (node: Node): boolean => pathOf(node).includes(name)
  for (const each of within(test)) {
    if (each.type === 'BinaryExpression' && isOfError(each.left)) {
      if (each.operator === 'instanceof' && tailOf(each.right) !== 'Error') return true
      if (/^===?$/.test(each.operator) && /^(?:code|status|statusCode|name)$/.test(tailOf(each.left)))
        return true
    }
    if (
      each.type === 'CallExpression' &&
      wordsOf(tailOf(each.callee))[0] === 'is' &&
      each.arguments.some(isOfError)
    )
      return true
  }
  return false
}

/** `if (!(err instanceof QuotaExceeded)) throw err` */
function leavesOthers(statement: Node, name: string): boolean {
  if (statement.type !== 'IfStatement') return false
  const { test, consequent } = statement
  const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent
  return test.type === 'UnaryExpression' && last?.type === 'ThrowStatement' && asksKind(test.argument, name)
}
