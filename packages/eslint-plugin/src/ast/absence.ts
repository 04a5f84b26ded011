import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { initOf, variableOf } from './bindings.js'
import { valuesOf } from './fetched.js'
import { pathOf, snakeCase, tailOf, wordsOf } from './names.js'
import { bare, type FunctionNode, isFunction, type Node, within } from './nodes.js'

/** `!rows.length`, `ids.size === 0`, `count === 0`, and these joined by `||`. */
export function isEmptiness(test: Node): boolean {
  const inner = bare(test)
  if (inner.type === 'LogicalExpression')
    return (
      isEmptiness(inner.right) &&
      (isEmptiness(inner.left) || isAbsence(inner.left) || isArrayAsked(inner.left))
    )
  if (inner.type === 'UnaryExpression' && inner.operator === '!') {
    const argument = bare(inner.argument)
    // !digest.sections.some((section) => section.items.length)
    if (argument.type === 'CallExpression' && tailOf(argument.callee) === 'some')
      return argument.arguments.some((each) => isFunction(each) && isSize(each.body))
    return isSize(argument) && !isOfWanted(argument)
  }
  if (inner.type === 'BinaryExpression' && /^(?:===?|<=?|>=?)$/.test(inner.operator)) {
    const { left, right, operator } = inner
    if (right.type !== 'Literal' || !isSize(left) || isOfWanted(left)) return false
    return right.value === 0 ? /^(?:===?|<=)$/.test(operator) : right.value === 1 && operator === '<'
  }
  if (inner.type === 'CallExpression') return /^(?:isEmpty|isNil)$/.test(tailOf(inner.callee))
  return false
}

function isArrayAsked(test: Node): boolean {
  return test.type === 'CallExpression' && tailOf(test.callee) === 'isArray'
}

/** Whether there is anything at all was asked: `if (!(await pathExists(folder)))`, `if (!hasTable)`. */
export function isNonexistence(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  const inner = bare(test)
  const argument =
    inner.type === 'UnaryExpression' && inner.operator === '!'
      ? bare(inner.argument)
      : isAbsence(inner)
        ? [...within(inner)].find((each) => each.type === 'Identifier')
        : undefined
  if (argument === undefined) return false
  const variable = argument.type === 'Identifier' ? variableOf(sourceCode, argument) : undefined
  const init = variable === undefined ? undefined : initOf(variable)
  const call = init === undefined ? argument : bare(init)
  if (call.type !== 'CallExpression') return false
  const path = pathOf(call.callee)
  // redis.get(key), redis.zRem(key, id): a key that is not there, or was not.
  if (/^(?:redis|cache|kv|memcached)$/i.test(path.at(-2) ?? '')) return true
  if (/^[zsh](?:rem|del)$/i.test(path.at(-1) ?? '')) return true
  const words = wordsOf(tailOf(call.callee))
  return words[0] === 'has' || words.some((word) => /^exists?$/.test(word))
}

/** `const certificates = await store.countOf(course)`, asked for `=== 0`. */
export function isCountOfNone(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  const inner = bare(test)
  if (inner.type !== 'BinaryExpression' || !/^===?$/.test(inner.operator)) return false
  if (inner.right.type !== 'Literal' || inner.right.value !== 0 || inner.left.type !== 'Identifier')
    return false
  const variable = variableOf(sourceCode, inner.left)
  const init = variable === undefined ? undefined : initOf(variable)
  return init !== undefined && wordsOf(tailOf(init)).some((word) => /^(?:count|size|total)$/.test(word))
}

/** What came in can't be read: `const message = decode(data)`, `if (!message)`. */
export function isUnreadable(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  if (bare(test).type === 'CallExpression' && tailOf(test) === 'isNaN') return true
  if (!isAbsence(test) && !isRefused(test)) return false
  const name = [...within(test)].find((each) => each.type === 'Identifier')
  const variable = name === undefined ? undefined : variableOf(sourceCode, name)
  const init = variable === undefined ? undefined : initOf(variable)
  const call = init === undefined ? undefined : bare(init)
  return call?.type === 'CallExpression' && reading.test(wordsOf(tailOf(call.callee))[0] ?? '')
}

/** `!parsed.success` */
function isRefused(test: Node): boolean {
  const inner = bare(test)
  return (
    inner.type === 'UnaryExpression' &&
    inner.operator === '!' &&
    bare(inner.argument).type === 'MemberExpression' &&
    /^(?:success|ok|valid|isValid)$/.test(tailOf(inner.argument))
  )
}

const reading =
  /^(?:parse|safe|validate|decode|decrypt|inflate|decompress|gunzip|unzip|deserialize|deserialise|unmarshal|unpack|unserialize|read)$/

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

const wanted = new Set(
  (
    'email emails mail phone mobile fax address recipient recipients contact contacts token consent consents verified preference preferences ' +
    'active enabled valid html content body text name number method'
  ).split(' '),
)

/** A part that some have and others don't: `!team?.slackWebhook`. Not one that the work needs, an address above all. */
export function isOptionalPart(test: Node, fn: FunctionNode, sourceCode: TSESLint.SourceCode): boolean {
  if (isWantedMissing(test)) return false
  if (isAbsence(test) && (isTakenFromOther(test, sourceCode) || isOfFew(test, sourceCode))) return true
  const inner = bare(test)
  if (inner.type !== 'UnaryExpression' || inner.operator !== '!') return false
  const part = bare(inner.argument)
  if (part.type !== 'MemberExpression') return false
  if (wordsOf(tailOf(part)).some((word) => integrations.test(word))) return true
  if (isRelation(part, fn)) return false
  // !tenant?.profile: no tenant at all is the same to it.
  if (part.optional) return false
  const path = pathOf(part)
  // What was set for all, and what has not happened yet.
  if (/^(?:settings?|preferences|prefs)$/.test(path[0] ?? '')) return false
  const words = wordsOf(path.at(-1) ?? '')
  return !(words.length > 1 && words.at(-1) === 'at')
}

/** By its name a thing that not everyone has, `!invitation`; not one that was asked for by its own id. */
function isOfFew(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  const asked = [...within(test)].find((each) => each.type === 'Identifier')
  const noun = wordsOf(asked?.name ?? '').at(-1) ?? ''
  if (asked === undefined || !few.test(noun)) return false
  const variable = variableOf(sourceCode, asked)
  const init = variable === undefined ? undefined : initOf(variable)
  if (init === undefined) return true
  if (/(?:ById|ByPk|byId)$/.test(tailOf(init))) return false
  return ![...within(init)].some(
    (each) =>
      each.type === 'Identifier' && [`${noun}_id`, 'id'].includes(snakeCase(each.name)) && !isPart(each),
  )
}

const few =
  /^(?:bonus|coupon|discount|experiment|integration|invitation|invite|link|override|promotion|quota|rollout|variant)$/

/** `.id` of another thing. */
function isPart({ parent }: TSESTree.Identifier): boolean {
  return parent.type === 'MemberExpression' && !parent.computed
}

/** `const link = ticket?.customer.link`, `const { assigneeId } = ticket`: what is asked for under a name of its own. */
function isTakenFromOther(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  const name = [...within(test)].find((each) => each.type === 'Identifier')
  const variable = name === undefined ? undefined : variableOf(sourceCode, name)
  const declaration = variable?.defs[0]?.node as Node | undefined
  if (declaration?.type !== 'VariableDeclarator' || declaration.init == null) return false
  const init = bare(declaration.init)
  if (declaration.init.type === 'AwaitExpression') return false
  return init.type === 'ConditionalExpression'
    ? [init.consequent, init.alternate].every((each) => bare(each).type === 'MemberExpression')
    : init.type === 'MemberExpression' && !init.computed
}

// What some have connected, and others not.
const integrations = /^(?:slack|discord|telegram|teams|webhook|hook|hub|auto|integration)$/

/** Its own parts are read: `shipment.order.id` after `if (!shipment?.order) return`. */
function isRelation(part: Node, fn: FunctionNode): boolean {
  return (readUntil(fn).get(pathOf(part).join('.')) ?? 0) > part.range[1]
}

const reads = new WeakMap<FunctionNode, ReadonlyMap<string, number>>()

/** Where a function reads a part of something for the last time, by the path of what has it. */
function readUntil(fn: FunctionNode): ReadonlyMap<string, number> {
  const known = reads.get(fn)
  if (known !== undefined) return known
  const until = new Map<string, number>()
  for (const each of within(fn.body)) {
    if (each.type !== 'MemberExpression' || each.parent.type === 'CallExpression') continue
    const path = pathOf(each.object).join('.')
    until.set(path, Math.max(until.get(path) ?? 0, each.object.range[0]))
  }
  reads.set(fn, until)
  return until
}

const addresses = new Set(
  'email emails mail phone mobile fax address recipient recipients contact contacts preferences preference'.split(
    ' ',
  ),
)

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

/** What the work needs and hasn't got, whoever brought it: `if (!order.email)`, `if (!to)`. */
export function isWantedMissing(test: Node): boolean {
  const inner = bare(test)
  if (inner.type === 'LogicalExpression') return isWantedMissing(inner.left) || isWantedMissing(inner.right)
  if (inner.type !== 'UnaryExpression' || inner.operator !== '!') return false
  const path = pathOf(inner.argument)
  return path.at(-1) === 'to' || path.flatMap(wordsOf).some((word) => wanted.has(word))
}

// `this.shouldSendEmails`, `sendMail` ask whether, not to whom.
const asking = /^(?:should|is|has|can|use|with|needs|wants|allow|allows|enable|send|notify|include|skip)$/
const request = /^(?:body|req|request|ctx|context|c|query|params|input|dto|args)$/

/** Whom to reach is missing, of a thing that was passed on; not of what a client sends. */
export function isAddressMissing(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  const inner = bare(test)
  if (inner.type === 'LogicalExpression')
    return isAddressMissing(inner.left, sourceCode) || isAddressMissing(inner.right, sourceCode)
  if (inner.type !== 'UnaryExpression' || inner.operator !== '!') return false
  // An empty list that was passed on is no list of nobody.
  if (isSize(inner.argument)) return false
  const root = rootOf(inner.argument)
  const variable = root.type === 'Identifier' ? variableOf(sourceCode, root) : undefined
  const from = variable === undefined ? [] : valuesOf(variable, root).flatMap(pathOf)
  const path = pathOf(inner.argument)
  if ([...path.slice(0, -1), ...from].some((name) => request.test(name))) return false
  if (asking.test(wordsOf(path.at(-1) ?? '')[0] ?? '')) return false
  return path.at(-1) === 'to' || path.flatMap(wordsOf).some((word) => addresses.has(word))
}

function rootOf(node: Node): Node {
  const inner = bare(node)
  if (inner.type === 'MemberExpression') return rootOf(inner.object)
  return inner.type === 'CallExpression' ? rootOf(inner.callee) : inner
}
