import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { initOf, variableOf } from './bindings.js'
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
  if (inner.type === 'UnaryExpression' && inner.operator === '!')
    return isSize(inner.argument) && !isOfWanted(inner.argument)
  if (inner.type === 'BinaryExpression' && /^(?:===?|<=?|>=?)$/.test(inner.operator)) {
    const { left, right, operator } = inner
    if (right.type !== 'Literal' || !isSize(left) || isOfWanted(left)) return false
    return right.value === 0 ? /^(?:===?|<=)$/.test(operator) : right.value === 1 && operator === '<'
  }
  if (inner.type === 'CallExpression') return /^(?:isEmpty|isNil)$/.test(tailOf(inner.callee))
  return false
}

/** `recipients.length`: nobody to send it to is more than nothing to do. */
function isOfWanted(size: Node): boolean {
  const [holder = ''] = pathOf(size).slice(-2)
  return wordsOf(holder).some((word) => wanted.has(word))
}

function isSize(node: Node): boolean {
  const tail = tailOf(node)
  return (
    /^(?:length|size|count|total|rowCount|totalCount|affectedRows|modifiedCount)$/.test(tail) ||
    /(?:Count|_count|Length|Size)$/.test(tail)
  )
}

const done = new Set(
  (
    'already existing exists duplicate duplicated processed handled seen sent done finished completed cached cache synced synchronised delivered ' +
    'unchanged same fresh stopped stopping closing shutdown destroyed disposed initialized initialised started connected subscribed registered known ' +
    'visited hit noop inflight pending taken submitted reviewed notified accepted reminded announced paid cancelled canceled merged applied issued credited'
  ).split(' '),
)

/** It is there already, or it is what it should be: `if (existing)`, `if (order.processedAt)`, `if (next === current)`. */
export function isDone(test: Node): boolean {
  const inner = bare(test)
  switch (inner.type) {
    case 'LogicalExpression':
      return inner.operator === '&&'
        ? isDone(inner.left) || isDone(inner.right)
        : isDone(inner.left) && isDone(inner.right)
    case 'Identifier':
    case 'MemberExpression':
      return saysDone(tailOf(inner))
    case 'CallExpression':
      // seen.has(id), wasSent(order), attempts.some((attempt) => attempt.state === 'submitted')
      return (
        pathOf(inner).slice(-2).some(saysDone) ||
        inner.arguments.some(
          (each) => isFunction(each) && each.body.type !== 'BlockStatement' && isDone(each.body),
        )
      )
    case 'BinaryExpression':
      return isUnchanged(inner)
    default:
      return false
  }
}

// What stops a thing for good or for a time, rather than saying that it has been done.
const stopping = new Set(
  'closed bounced deactivated deleted paused suspended denied blocked banned disabled revoked archived anonymised anonymized expired withdrawn locked muted silenced disputed refused rejected suppressed unsubscribed'.split(
    ' ',
  ),
)

function saysDone(name: string): boolean {
  const words = wordsOf(name)
  if (words.some((word) => stopping.has(word))) return false
  return (
    words.some((word) => done.has(word)) ||
    (words.length > 1 && words.at(-1) === 'at') ||
    /^(?:isEqual|equals|deepEqual|isDeepStrictEqual)$/.test(name)
  )
}

function isUnchanged({ left, right, operator }: TSESTree.BinaryExpression): boolean {
  if (!/^===?$/.test(operator)) return false
  if (right.type === 'Literal') return typeof right.value === 'string' && saysDone(right.value)
  const isNothing = right.type === 'Identifier' && right.name === 'undefined'
  return !isNothing && right.type !== 'UnaryExpression'
}

/** Only one may do it, and this one doesn't: a lock, a leader. */
export function isContended(test: Node): boolean {
  const inner = bare(test)
  if (inner.type !== 'UnaryExpression' || inner.operator !== '!') return false
  return wordsOf(tailOf(inner.argument)).some((word) =>
    /^(?:lock|locked|leader|acquire|acquired|claim|claimed|mutex|lease)$/.test(word),
  )
}

const wanted = new Set(
  (
    'email emails mail phone mobile fax address recipient recipients contact contacts token consent consents verified preference preferences ' +
    'active enabled valid html content body text name number method'
  ).split(' '),
)

/** A part that some have and others don't: `!team?.slackWebhook`. Not one that the work needs, an address above all. */
export function isOptionalPart(test: Node): boolean {
  const inner = bare(test)
  if (inner.type !== 'UnaryExpression' || inner.operator !== '!') return false
  const part = bare(inner.argument)
  if (isWantedMissing(test)) return false
  return (
    part.type === 'MemberExpression' &&
    !pathOf(part)
      .slice(1)
      .flatMap(wordsOf)
      .some((word) => wanted.has(word))
  )
}

const runsOut = /^(?:left|remaining|stock|seats?|budget|balance|quota|available|credits?|allowance)$/
const time = /^(?:now|date|time|due|at|end|start|begin|age|expires|deadline)$/

/** Not yet, or not enough to matter: fewer than a threshold, sooner than a time. Running out and going too far are neither. */
export function isNotYet(test: Node): boolean {
  const inner = bare(test)
  if (inner.type === 'LogicalExpression') return isNotYet(inner.left)
  if (inner.type !== 'BinaryExpression' || !/^(?:[<>]=?|[!=]==?)$/.test(inner.operator)) return false
  const words = [...wordsOf(tailOf(inner.left)), ...wordsOf(tailOf(inner.right))]
  if (/^[=!]/.test(inner.operator))
    return (
      inner.operator.startsWith('!') &&
      inner.right.type === 'Literal' &&
      typeof inner.right.value === 'number'
    )
  if (words.some((word) => runsOut.test(word))) return false
  if (inner.operator.startsWith('<')) return !(inner.right.type === 'Literal' && inner.right.value === 0)
  return words.some((word) => time.test(word)) && !words.includes('until')
}

/** `!x`, `x === null`, `x == null`, `x === undefined` of a name. */
export function isAbsence(test: Node): boolean {
  const inner = bare(test)
  if (inner.type === 'UnaryExpression')
    return inner.operator === '!' && bare(inner.argument).type === 'Identifier'
  if (inner.type !== 'BinaryExpression' || !/^===?$/.test(inner.operator)) return false
  const isNothing =
    (inner.right.type === 'Literal' && inner.right.raw === 'null') ||
    (inner.right.type === 'Identifier' && inner.right.name === 'undefined')
  return isNothing && bare(inner.left).type === 'Identifier'
}

/** What kind of thing it is, not whether it may go on: `event.type !== 'created'`, `typeof x`, `x instanceof Y`. */
export function isRouting(test: Node, isFetched: boolean): boolean {
  const inner = bare(test)
  switch (inner.type) {
    case 'LogicalExpression':
      return isRouting(inner.left, isFetched) && isRouting(inner.right, isFetched)
    case 'UnaryExpression':
      return inner.operator === 'typeof' || (inner.operator === '!' && isRouting(inner.argument, isFetched))
    case 'BinaryExpression':
      if (inner.operator === 'instanceof' || inner.operator === 'in') return true
      return /^(?:type|kind|name|event|eventName|event_type|eventType|action|topic|channel|operation|op|method|path|pathname|url|role|format|mode|entity|category|model|modelName|resource|source|provider|platform|tag|variant|key)$/.test(
        tailOf(inner.left.type === 'UnaryExpression' ? inner.left.argument : inner.left),
      )
    case 'CallExpression':
      // Whether it is among what was fetched is about this one, not about its kind.
      if (isFetched && tailOf(inner.callee) === 'includes') return false
      return /^(?:isArray|startsWith|endsWith|test|match|includes|isInteger|isFinite|isNaN)$/.test(
        tailOf(inner.callee),
      )
    default:
      return false
  }
}

/** What the process was started with: `env.SMTP_HOST`, `config.enabled`, `isTest`; not what was fetched under such a name. */
export function isConfiguration(test: Node, isFetchedHere: boolean): boolean {
  for (const each of throughout(test)) {
    if (each.type !== 'Identifier' && each.type !== 'MemberExpression') continue
    const path = pathOf(each)
    if (path[0] === 'process' && path[1] === 'env') return true
    if (isFetchedHere) continue
    if (
      path.some((name) =>
        /^(?:env|config|cfg|settings|options|opts|flags?|features?|featureFlags?|environment|NODE_ENV)$/i.test(
          name,
        ),
      )
    )
      return true
    if (
      path.some((name) =>
        /^is(?:Test|Dev|Development|Production|Enabled|Disabled|CI|SelfHosted|CloudHosted)/.test(name),
      )
    )
      return true
  }
  return false
}

/** What is asked for was looked up or read from what came in, and isn't there: `if (!message)` after `const message = decode(data)`. */
export function isUnknown(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  if (!isAbsence(test)) return false
  const inner = bare(test)
  const name = bare(
    inner.type === 'UnaryExpression' ? inner.argument : (inner as TSESTree.BinaryExpression).left,
  )
  const variable = name.type === 'Identifier' ? variableOf(sourceCode, name) : undefined
  const init = variable === undefined ? undefined : initOf(variable)
  if (init === undefined) return false
  const value = bare(init)
  return value.type === 'CallExpression' || (value.type === 'MemberExpression' && value.computed)
}

/** A thing that is stopped: `if (invoice.disputed)`, `if (attempt.pausedAt)`. */
export function isStopped(test: Node): boolean {
  const inner = bare(test)
  return inner.type === 'MemberExpression' && wordsOf(tailOf(inner)).some((word) => stopping.has(word))
}

/** What the work needs and hasn't got, whoever brought it: `if (!order.email)`, `if (!to)`. */
export function isWantedMissing(test: Node): boolean {
  const inner = bare(test)
  if (inner.type === 'LogicalExpression') return isWantedMissing(inner.left) || isWantedMissing(inner.right)
  if (inner.type !== 'UnaryExpression' || inner.operator !== '!') return false
  const path = pathOf(inner.argument)
  return path.at(-1) === 'to' || path.flatMap(wordsOf).some((word) => wanted.has(word))
}
