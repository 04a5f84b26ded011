import type { TSESTree } from '@typescript-eslint/utils'
import { isRejection } from './errors.js'
import { pathOf, tailOf, wordsOf } from './names.js'
import { ancestorsOf, bare, isFunction, type Node, within } from './nodes.js'
import { once } from './once.js'

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
  for (const waiting = [test]; waiting.length > 0;) {
    const inner = bare(waiting.pop() as Node)
    if (inner.type === 'LogicalExpression') waiting.push(inner.left, inner.right)
    else if (comparesCode(inner, error)) return true
  }
  return false
}

function comparesCode(inner: Node, error: string): boolean {
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
    if (each.type === 'BlockStatement' && othersLeftAt(each, name) <= inner.range[0]) return true
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

const leftAt = once((_block: TSESTree.BlockStatement) => new Map<string, number>())

/** Where a block has first thrown on what is of another kind. */
function othersLeftAt(block: TSESTree.BlockStatement, name: string): number {
  const known = leftAt(block)
  const at =
    known.get(name) ??
    block.body.find((each) => leavesOthers(each, name))?.range[1] ??
    Number.POSITIVE_INFINITY
  known.set(name, at)
  return at
}

/** `if (!(err instanceof QuotaExceeded)) throw err` */
function leavesOthers(statement: Node, name: string): boolean {
  if (statement.type !== 'IfStatement') return false
  const { test, consequent } = statement
  const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent
  return test.type === 'UnaryExpression' && last?.type === 'ThrowStatement' && asksKind(test.argument, name)
}
