import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { initOf, variableOf } from './bindings.js'
import { functionName, pathOf, tailOf, wordsOf } from './names.js'
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

/** `const certificates = await store.countOf(course)`, asked for `=== 0`. */
export function isCountOfNone(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  const inner = bare(test)
  if (inner.type !== 'BinaryExpression' || !/^===?$/.test(inner.operator)) return false
  if (inner.right.type !== 'Literal' || inner.right.value !== 0 || inner.left.type !== 'Identifier') return false
  const variable = variableOf(sourceCode, inner.left)
  const init = variable === undefined ? undefined : initOf(variable)
  return init !== undefined && wordsOf(tailOf(init)).some((word) => /^(?:count|size|total)$/.test(word))
}

/** `recipients.length`: nobody to send it to is more than nothing to do. */
function isOfWanted(size: Node): boolean {
  const [holder = ''] = pathOf(size).slice(-2)
  return wordsOf(holder).some((word) => wanted.has(word))
}

function isSize(node: Node): boolean {
  const tail = tailOf(node)
  return (
    /^(?:length|size|count|total|totalCount)$/.test(tail) ||
    /(?<!row|modified|matched|deleted|affected)(?:Count|_count|Length|Size)$/.test(tail)
  )
}

const done = new Set(
  (
    'already existing exists duplicate duplicated processed handled seen sent done finished completed cached cache synced synchronised delivered ' +
    'unchanged same fresh stopped stopping closing shutdown destroyed disposed initialized initialised started connected subscribed registered known ' +
    'visited hit noop inflight pending accepted ok succeeded success'
  ).split(' '),
)
// Said of a name of its own, `const reviewed = …`, these mean that it has been done; of a part they may mean another thing.
const doneBySelf = new Set(
  'taken submitted reviewed notified reminded announced paid cancelled canceled merged applied issued credited'.split(' '),
)

/**
 * It is there already, or it is what it should be: `if (existing)`, `if (order.processedAt)`, `if (next === current)`. A state
 * says so where the function is about that state: `order.shippedAt` in what ships.
 */
export function isDone(test: Node, fn: FunctionNode): boolean {
  const inner = bare(test)
  switch (inner.type) {
    case 'LogicalExpression':
      return inner.operator === '&&'
        ? isDone(inner.left, fn) || isDone(inner.right, fn)
        : isDone(inner.left, fn) && isDone(inner.right, fn)
    case 'Identifier':
      return saysDone(inner.name, true)
    case 'MemberExpression':
      return saysDone(tailOf(inner), false) || isStateOf(tailOf(inner), test, fn)
    case 'CallExpression':
      // seen.has(id), wasSent(order), attempts.some((attempt) => attempt.state === 'submitted')
      return (
        pathOf(inner)
          .slice(-2)
          .some((name) => saysDone(name, true)) ||
        inner.arguments.some(
          (each) => isFunction(each) && each.body.type !== 'BlockStatement' && isDoneOfOne(each.body, fn),
        )
      )
    case 'BinaryExpression':
      return isUnchanged(inner, test, fn) || isCountAbove(inner)
    default:
      return false
  }
}

/** `attempts.some((attempt) => attempt.state === 'submitted')` */
function isDoneOfOne(test: Node, fn: FunctionNode): boolean {
  const inner = bare(test)
  if (inner.type === 'BinaryExpression' && inner.right.type === 'Literal')
    return /^===?$/.test(inner.operator) && saysDone(String(inner.right.value), true)
  return isDone(test, fn)
}

/** `left > 0`: others are still there. */
function isCountAbove({ left, right, operator }: TSESTree.BinaryExpression): boolean {
  return (
    operator === '>' &&
    right.type === 'Literal' &&
    right.value === 0 &&
    /^(?:left|remaining|others)$/.test(tailOf(left))
  )
}

/** Whether the function names the state elsewhere: in its own name, in what it calls, sets or writes. */
function isStateOf(state: string, test: Node, fn: FunctionNode): boolean {
  const words = wordsOf(state)
  if (words.at(-1) === 'at') words.pop()
  const stems = words.filter((word) => /(?:ed|en|id|ent)$/.test(word) || words.length === 1).map(stemOf)
  if (stems.length === 0) return false
  const has = (name: string): boolean => wordsOf(name).some((word) => stems.includes(stemOf(word)))
  if (has(functionName(fn) ?? '')) return true
  for (const each of throughout(fn.body)) {
    if (each.range[0] >= test.range[0] && each.range[1] <= test.range[1]) continue
    if (each.type === 'CallExpression' && has(tailOf(each.callee))) return true
    if (each.type === 'Property' && 'name' in each.key && has(each.key.name as string)) return true
    if (each.type === 'AssignmentExpression' && has(tailOf(each.left))) return true
    if (each.type === 'Literal' && typeof each.value === 'string' && /^\w+$/.test(each.value) && has(each.value))
      return true
  }
  return false
}

function stemOf(word: string): string {
  return word.replace(/(?:l?led|ed|ing|ion|ation|e|s)$/, '').slice(0, 6)
}

// What stops a thing for good or for a time, rather than saying that it has been done.
const stopping = new Set(
  'closed bounced deactivated deleted paused suspended denied blocked banned disabled revoked archived anonymised anonymized expired withdrawn locked muted silenced disputed refused rejected suppressed unsubscribed'.split(
    ' ',
  ),
)

function saysDone(name: string, isOwn: boolean): boolean {
  const words = wordsOf(name)
  if (words.some((word) => stopping.has(word))) return false
  return (
    words.some((word) => done.has(word) || (isOwn && doneBySelf.has(word))) ||
    /^(?:isEqual|equals|deepEqual|isDeepStrictEqual)$/.test(name)
  )
}

function isUnchanged(
  { left, right, operator }: TSESTree.BinaryExpression,
  test: Node,
  fn: FunctionNode,
): boolean {
  if (!/^===?$/.test(operator)) return false
  if (right.type === 'Literal')
    return typeof right.value === 'string' && (saysDone(right.value, false) || isStateOf(right.value, test, fn))
  // order.status === OrderStatus.Refunded
  if (right.type === 'MemberExpression' && /^[A-Z]/.test(pathOf(right)[0] ?? ''))
    return saysDone(tailOf(right), false) || isStateOf(tailOf(right), test, fn)
  const isNothing = right.type === 'Identifier' && right.name === 'undefined'
  return !isNothing && !(right.type === 'UnaryExpression' && right.argument.type === 'Literal')
}

/** Another instance does it: this one leads none of them. */
export function isLedElsewhere(test: Node): boolean {
  for (const each of throughout(test))
    if (each.type === 'Identifier' && wordsOf(each.name).some((word) => /^(?:leader|leadership|primary)$/.test(word)))
      return true
  return false
}

/** Something else holds it: `if (!locked)`, and of a thing that runs one at a time `if (this.running)`. */
export function isBusy(test: Node, fn: FunctionNode): boolean {
  const inner = bare(test)
  if (inner.type === 'UnaryExpression')
    return inner.operator === '!' && pathOf(inner.argument).flatMap(wordsOf).some((word) => locks.has(word))
  if (/^(?:start|init|open|connect|boot|setup|listen|stop|close)/i.test(functionName(fn) ?? '')) return false
  const path = pathOf(inner)
  return path[0] === 'this' && path.slice(1).flatMap(wordsOf).some((word) => busy.has(word))
}

const locks = new Set('lock locked acquired mutex lease'.split(' '))
const busy = new Set('running busy processing working'.split(' '))

const wanted = new Set(
  (
    'email emails mail phone mobile fax address recipient recipients contact contacts token consent consents verified preference preferences ' +
    'active enabled valid html content body text name number method'
  ).split(' '),
)

/** A part that some have and others don't: `!team?.slackWebhook`. Not one that the work needs, an address above all. */
export function isOptionalPart(test: Node, fn: FunctionNode): boolean {
  const inner = bare(test)
  if (inner.type !== 'UnaryExpression' || inner.operator !== '!') return false
  const part = bare(inner.argument)
  if (part.type !== 'MemberExpression' || isWantedMissing(test) || isRelation(part, fn)) return false
  const path = pathOf(part)
  // What was set for all, and what has not happened yet.
  if (/^(?:settings?|preferences|prefs)$/.test(path[0] ?? '')) return false
  const words = wordsOf(path.at(-1) ?? '')
  return !(words.length > 1 && words.at(-1) === 'at')
}

/** Its own parts are read: `shipment.order.id` after `if (!shipment?.order) return`. */
function isRelation(part: Node, fn: FunctionNode): boolean {
  const path = pathOf(part).join('.')
  for (const each of within(fn.body))
    if (each.type === 'MemberExpression' && each.object.range[0] > part.range[1])
      if (pathOf(each.object).join('.') === path && each.parent.type !== 'CallExpression') return true
  return false
}

const addresses = new Set('email emails mail phone mobile fax address recipient recipients contact contacts preferences preference'.split(' '))

const runsOut =
  /^(?:left|remaining|stock|seats?|budget|balance|quota|available|credits?|allowance|paid|amount|funds|points|cents)$/
// Held back because of what came before.
const throttle = /^(?:last|since|until|cooldown|throttle|throttled|backoff|recent)$/
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
  if (words.some((word) => runsOut.test(word) || throttle.test(word)) || isTooLate(inner)) return false
  if (inner.operator.startsWith('<')) return !(inner.right.type === 'Literal' && inner.right.value === 0)
  return words.some((word) => time.test(word))
}

/** Held back for a time: `sinceLast < MINUTE`, `Date.now() < this.mutedUntil`. */
export function isThrottled(test: Node): boolean {
  const inner = bare(test)
  if (inner.type === 'LogicalExpression') return inner.operator === '&&' && isThrottled(inner.right)
  if (inner.type !== 'BinaryExpression' || !/^[<>]=?$/.test(inner.operator)) return false
  const [less, more] = inner.operator.startsWith('<') ? [inner.left, inner.right] : [inner.right, inner.left]
  const names = (node: Node): string[] =>
    [...within(node)].flatMap((each) => (each.type === 'Identifier' ? wordsOf(each.name) : []))
  if (isNowOrAge(less) && names(more).some((word) => /^(?:until|cooldown)$/.test(word))) return true
  return names(less).some((word) => /^(?:last|since)$/.test(word)) && !isNowOrAge(more)
}

/** Too old, or tried too often: given up. `Date.now() > endsAt + GRACE`, `job.attempts >= MAX_ATTEMPTS`. */
export function isTooLate(test: Node): boolean {
  const inner = bare(test)
  if (inner.type !== 'BinaryExpression' || !/^[<>]=?$/.test(inner.operator)) return false
  const [more, less] = inner.operator.startsWith('>') ? [inner.left, inner.right] : [inner.right, inner.left]
  if (wordsOf(tailOf(more)).some((word) => /^(?:attempts?|tries|retries)$/.test(word))) return true
  return isNowOrAge(more) && !isNowOrAge(less)
}

/** `Date.now()`, `now`, `new Date()`, and how long ago something was: `Date.now() - startedAt`, `differenceInDays(…)`, `age`. */
function isNowOrAge(node: Node): boolean {
  const inner = bare(node)
  if (inner.type === 'BinaryExpression') return inner.operator === '-' && isNowOrAge(inner.left)
  if (inner.type === 'NewExpression') return tailOf(inner.callee) === 'Date' && inner.arguments.length === 0
  return wordsOf(tailOf(inner)).some((word) => /^(?:now|age|elapsed|difference|diff)$/.test(word))
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
      // Of one kind only, whatever else is asked.
      if (inner.operator === '&&' && bare(inner.left).type !== 'Identifier')
        return isRouting(inner.left, isFetched) || isRouting(inner.right, isFetched)
      return isRouting(inner.left, isFetched) && isRouting(inner.right, isFetched)
    case 'UnaryExpression':
      return inner.operator === 'typeof' || (inner.operator === '!' && isRouting(inner.argument, isFetched))
    case 'BinaryExpression':
      if (inner.operator === 'instanceof' || inner.operator === 'in') return true
      if (isAbsence(inner)) return false
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
export function isConfiguration(
  test: Node,
  isFetchedHere: boolean,
  sourceCode: TSESLint.SourceCode,
): boolean {
  if (namesConfiguration(test, isFetchedHere)) return true
  if (isFetchedHere) return false
  // const url = this.config.get('amqp.url')
  for (const each of within(test)) {
    const variable = each.type === 'Identifier' ? variableOf(sourceCode, each) : undefined
    const init = variable === undefined ? undefined : initOf(variable)
    if (init !== undefined && namesConfiguration(init, false)) return true
  }
  return false
}

function namesConfiguration(node: Node, isFetchedHere: boolean): boolean {
  for (const each of within(node)) {
    if (each.type !== 'Identifier' && each.type !== 'MemberExpression') continue
    const path = pathOf(each)
    if (path[0] === 'process' && path[1] === 'env') return true
    if (!isFetchedHere && path.some((name) => configuration.test(name) || mode.test(name))) return true
  }
  return false
}

const configuration =
  /^(?:env|config|cfg|settings|options|opts|flags?|features?|featureFlags?|environment|NODE_ENV)$/i
const mode = /^is(?:Test|Dev|Development|Production|Enabled|Disabled|CI|SelfHosted|CloudHosted)/

/** What is asked for was looked up or read from what came in, and isn't there: `if (!message)` after `const message = decode(data)`. */
export function isUnknown(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  if (!isAbsence(test)) return false
  const inner = bare(test)
  const name = bare(
    inner.type === 'UnaryExpression' ? inner.argument : (inner as TSESTree.BinaryExpression).left,
  )
  const variable = name.type === 'Identifier' ? variableOf(sourceCode, name) : undefined
  if (variable === undefined) return false
  const values = valuesOf(variable, name)
  return values.some((each) => isSought(bare(each)))
}

/** What a variable is given before a place. */
function valuesOf(variable: TSESLint.Scope.Variable, at: Node): Node[] {
  return variable.references.flatMap(({ writeExpr, identifier }) =>
    writeExpr != null && identifier.range[0] < at.range[0] && isPlainTarget(identifier) ? [writeExpr] : [],
  )
}

function isPlainTarget({ parent }: Node): boolean {
  return parent?.type === 'VariableDeclarator' || parent?.type === 'AssignmentExpression'
}

/** Asked of a function, or looked for in a table or in several places; a question, or a part that is filled in, is not. */
function isSought(value: Node): boolean {
  if (value.type === 'CallExpression') return !/^(?:some|every|has|includes|test)$/.test(tailOf(value.callee))
  if (value.type === 'LogicalExpression')
    return value.operator !== '&&' && value.right.type !== 'Literal' && pathOf(value.right).length > 1
  return value.type === 'MemberExpression' && value.computed
}

/** A thing that is stopped: `if (invoice.disputed)`, `if (attempt.pausedAt)`. */
export function isStopped(test: Node): boolean {
  const inner = bare(test)
  if (inner.type !== 'MemberExpression' && inner.type !== 'Identifier') return false
  return wordsOf(tailOf(inner)).some((word) => stopping.has(word))
}

/** What the work needs and hasn't got, whoever brought it: `if (!order.email)`, `if (!to)`. */
export function isWantedMissing(test: Node): boolean {
  const inner = bare(test)
  if (inner.type === 'LogicalExpression') return isWantedMissing(inner.left) || isWantedMissing(inner.right)
  if (inner.type !== 'UnaryExpression' || inner.operator !== '!') return false
  const path = pathOf(inner.argument)
  return path.at(-1) === 'to' || path.flatMap(wordsOf).some((word) => wanted.has(word))
}

const request = /^(?:body|req|request|ctx|context|c|query|params|input|dto|args)$/

/** Whom to reach is missing, of a thing that was passed on; not of what a client sends. */
export function isAddressMissing(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  const inner = bare(test)
  if (inner.type === 'LogicalExpression')
    return isAddressMissing(inner.left, sourceCode) || isAddressMissing(inner.right, sourceCode)
  if (inner.type !== 'UnaryExpression' || inner.operator !== '!') return false
  const root = rootOf(inner.argument)
  const variable = root.type === 'Identifier' ? variableOf(sourceCode, root) : undefined
  const from = variable === undefined ? [] : valuesOf(variable, root).flatMap(pathOf)
  const path = pathOf(inner.argument)
  if ([...path.slice(0, -1), ...from].some((name) => request.test(name))) return false
  return path.at(-1) === 'to' || path.flatMap(wordsOf).some((word) => addresses.has(word))
}

function rootOf(node: Node): Node {
  const inner = bare(node)
  if (inner.type === 'MemberExpression') return rootOf(inner.object)
  return inner.type === 'CallExpression' ? rootOf(inner.callee) : inner
}

/** It was looked for where it would have been put: `if (await cases.find(id)) return` before `cases.insert(…)`. */
export function isThereAlready(
  test: Node,
  effect: TSESTree.CallExpression,
  sourceCode: TSESLint.SourceCode,
): boolean {
  const inner = bare(test)
  const variable = inner.type === 'Identifier' ? variableOf(sourceCode, inner) : undefined
  const init = variable === undefined ? undefined : initOf(variable)
  const call = init === undefined ? inner : bare(init)
  if (call.type !== 'CallExpression') return false
  const holder = pathOf(call.callee).slice(0, -1).join('.')
  return holder !== '' && holder === pathOf(effect.callee).slice(0, -1).join('.')
}

/** The lookup that a guard asks the answer of, where it is asked for by what the function was given: `users.find(id)`. */
export function isLookedUpByParameter(test: Node, fn: FunctionNode, sourceCode: TSESLint.SourceCode): boolean {
  for (const each of within(test)) {
    const variable = each.type === 'Identifier' ? variableOf(sourceCode, each) : undefined
    const init = variable === undefined ? undefined : initOf(variable)
    const call = init === undefined ? undefined : bare(init)
    if (call?.type !== 'CallExpression') continue
    for (const argument of call.arguments)
      for (const part of within(argument)) {
        if (part.type !== 'Identifier' || part.parent.type === 'MemberExpression') continue
        const given = variableOf(sourceCode, part)
        if (given?.defs.some(({ type, node }) => type === 'Parameter' && node === fn) === true) return true
      }
  }
  return false
}

