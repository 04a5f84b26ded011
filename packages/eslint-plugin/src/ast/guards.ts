import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { variableOf } from './bindings.js'
import { pathOf, tailOf, wordsOf } from './names.js'
import { ancestorsOf, bare, type FunctionNode, isFunction, type Node, throughout, within } from './nodes.js'

/** What decides that a statement is reached: the nearest `if`, `case` or `catch` around it, inside its function. */
export type Guard =
  | {
      readonly kind: 'if'
      readonly test: TSESTree.Expression
      readonly node: TSESTree.IfStatement
      readonly isElse: boolean
    }
  | { readonly kind: 'case'; readonly test: TSESTree.Expression; readonly node: TSESTree.SwitchCase }
  | { readonly kind: 'catch'; readonly node: TSESTree.CatchClause }

/** The nearest guard first. */
export function guardsOf(node: Node): Guard[] {
  const guards: Guard[] = []
  let inner: Node = node
  for (const each of ancestorsOf(node)) {
    if (isFunction(each)) break
    if (each.type === 'IfStatement' && inner !== each.test)
      guards.push({ kind: 'if', test: each.test, node: each, isElse: inner === each.alternate })
    else if (each.type === 'SwitchCase' && each.parent.type === 'SwitchStatement')
      guards.push({ kind: 'case', test: each.parent.discriminant, node: each })
    else if (each.type === 'CatchClause') guards.push({ kind: 'catch', node: each })
    inner = each
  }
  return guards
}

/** Whether an expression's value comes from something that was awaited, or that a callback brought. */
export function readsFetched(test: Node, fn: FunctionNode, sourceCode: TSESLint.SourceCode): boolean {
  for (const each of within(test)) {
    if (each.type === 'AwaitExpression') return true
    if (each.type === 'Identifier' && isRead(each) && isFetched(each, fn, sourceCode, new Set())) return true
  }
  return false
}

function isRead(node: TSESTree.Identifier): boolean {
  const { parent } = node
  return !(parent.type === 'MemberExpression' && parent.property === node && !parent.computed)
}

function isFetched(
  node: TSESTree.Identifier,
  fn: FunctionNode,
  sourceCode: TSESLint.SourceCode,
  seen: Set<unknown>,
): boolean {
  const variable = variableOf(sourceCode, node)
  if (variable === undefined || seen.has(variable)) return false
  seen.add(variable)
  for (const definition of variable.defs) {
    const declaration: Node = definition.node
    if (declaration.type === 'VariableDeclarator' && declaration.init != null) {
      for (const each of within(declaration.init)) {
        if (each.type === 'AwaitExpression') return true
        if (each.type === 'Identifier' && isRead(each) && isFetched(each, fn, sourceCode, seen)) return true
      }
    }
    if (declaration.type === 'VariableDeclarator' && isLoopOverAwaited(declaration)) return true
    if (isFunction(declaration) && isContinuation(declaration)) return true
  }
  return variable.references.some(
    ({ writeExpr, identifier }) =>
      writeExpr != null &&
      identifier.range[0] < node.range[0] &&
      writeExpr.type !== 'Identifier' &&
      [...within(writeExpr)].some((each) => each.type === 'AwaitExpression'),
  )
}

function isLoopOverAwaited(declaration: TSESTree.VariableDeclarator): boolean {
  const loop = declaration.parent.parent
  return loop.type === 'ForOfStatement' && loop.await
}

/** `(error, user) => { … }` and `.then((user) => …)`: what it is given was asked for and came later. */
export function isContinuation(fn: FunctionNode): boolean {
  const { parent } = fn
  if (parent.type !== 'CallExpression' || parent.callee === (fn as Node)) return false
  if (pathOf(parent.callee).at(-1) === 'then') return true
  const [first] = fn.params
  return first?.type === 'Identifier' && /^(?:err|error|e)$/.test(first.name) && fn.params.length > 1
}

/** `!rows.length`, `ids.size === 0`, `count === 0`, and these joined by `||`. */
export function isEmptiness(test: Node): boolean {
  const inner = bare(test)
  if (inner.type === 'LogicalExpression')
    return isEmptiness(inner.right) && (isEmptiness(inner.left) || isAbsence(inner.left))
  if (inner.type === 'UnaryExpression' && inner.operator === '!') return isSize(inner.argument)
  if (inner.type === 'BinaryExpression' && /^(?:===?|<=?|>=?)$/.test(inner.operator)) {
    const [size, bound] = [inner.left, inner.right]
    return bound.type === 'Literal' && (bound.value === 0 || bound.value === 1) && isSize(size)
  }
  if (inner.type === 'CallExpression') return /^(?:isEmpty|isNil)$/.test(tailOf(inner.callee))
  return false
}

function isSize(node: Node): boolean {
  const tail = tailOf(node)
  return (
    /^(?:length|size|count|total|rowCount|totalCount|affectedRows|modifiedCount)$/.test(tail) ||
    /(?:Count|_count|Length|Size)$/.test(tail)
  )
}

function isAbsence(node: Node): boolean {
  const inner = bare(node)
  return (
    inner.type === 'UnaryExpression' && inner.operator === '!' && bare(inner.argument).type === 'Identifier'
  )
}

const done = new Set(
  (
    'already existing exists duplicate duplicated processed handled seen sent done finished completed cached cache synced synchronised delivered ' +
    'unchanged same fresh recent running stopped stopping closed closing shutdown destroyed disposed initialized initialised started connected subscribed registered known visited hit noop inflight pending'
  ).split(' '),
)

/** It is there already: `if (existing)`, `if (order.processedAt)`, `if (seen.has(id))`. */
export function isDone(test: Node): boolean {
  const inner = bare(test)
  if (inner.type === 'LogicalExpression') return isDone(inner.left) || isDone(inner.right)
  if (inner.type === 'UnaryExpression') return false
  if (inner.type === 'BinaryExpression') {
    if (!/^(?:===?|!==?)$/.test(inner.operator))
      return /^(?:updatedAt|version|revision|timestamp|etag)$/i.test(tailOf(inner.left))
    const isNot = inner.operator.startsWith('!')
    const text =
      inner.right.type === 'Literal' && typeof inner.right.value === 'string' ? inner.right.value : undefined
    if (text !== undefined) return !isNot && wordsOf(text).some((word) => done.has(word))
    // previous.status === current.status
    return !isNot && isSameName(inner.left, inner.right)
  }
  return pathOf(inner).some((name) => wordsOf(name).some((word) => done.has(word)))
}

function isSameName(left: Node, right: Node): boolean {
  const [a, b] = [bare(left), bare(right)]
  return a.type === 'MemberExpression' && b.type === 'MemberExpression' && tailOf(a) === tailOf(b)
}

/** What kind of thing it is, not whether it may go on: `event.type !== 'created'`, `typeof x`, `x instanceof Y`. */
export function isRouting(test: Node): boolean {
  const inner = bare(test)
  switch (inner.type) {
    case 'LogicalExpression':
      return isRouting(inner.left) && isRouting(inner.right)
    case 'UnaryExpression':
      return inner.operator === 'typeof' || (inner.operator === '!' && isRouting(inner.argument))
    case 'BinaryExpression':
      if (inner.operator === 'instanceof' || inner.operator === 'in') return true
      return /^(?:type|kind|name|event|eventName|event_type|eventType|action|topic|channel|operation|op|method|path|pathname|url|role|format|mode|entity|category|model|modelName|resource|source|provider|platform|tag|variant|key)$/.test(
        tailOf(inner.left.type === 'UnaryExpression' ? inner.left.argument : inner.left),
      )
    case 'CallExpression':
      return /^(?:isArray|startsWith|endsWith|test|match|includes|isInteger|isFinite|isNaN)$/.test(
        tailOf(inner.callee),
      )
    default:
      return false
  }
}

/** What the process was started with: `env.SMTP_HOST`, `config.enabled`, `isTest`. */
export function isConfiguration(test: Node): boolean {
  for (const each of throughout(test)) {
    if (each.type !== 'Identifier' && each.type !== 'MemberExpression') continue
    const path = pathOf(each)
    if (
      path.some((name) =>
        /^(?:env|config|cfg|settings|options|opts|flags?|features?|featureFlags?|environment|NODE_ENV)$/i.test(
          name,
        ),
      )
    )
      return true
    if (path.some((name) => /^[A-Z][A-Z\d]+(?:_[A-Z\d]+)*$/.test(name) && name.length > 3)) return true
    if (
      path.some((name) =>
        /^is(?:Test|Dev|Development|Production|Enabled|Disabled|CI|SelfHosted|CloudHosted)/.test(name),
      )
    )
      return true
  }
  return false
}
