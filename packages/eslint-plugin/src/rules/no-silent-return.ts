import type { TSESTree } from '@typescript-eslint/utils'
import { doesSomething, effectIn, skippedBy } from '../ast/effects.js'
import { initOf, localFunction, variableOf } from '../ast/bindings.js'
import { functionName, pathOf, tailOf, wordsOf } from '../ast/names.js'
import { isArrayCallback, isComputation, isPredicate } from '../ast/functions.js'
import {
  type Guard,
  guardsOf,
  isAbsence,
  isAddressMissing,
  isConfiguration,
  isBusy,
  isContinuation,
  isCountOfNone,
  isDone,
  isEmptiness,
  isLedElsewhere,
  isLookedUpByParameter,
  isNotYet,
  isOptionalPart,
  isRouting,
  isStopped,
  isThereAlready,
  isThrottled,
  isTooLate,
  isUnknown,
  readsFetched,
} from '../ast/guards.js'
import { ancestorsOf, bare, type FunctionNode, functionOf, isFunction, type Node, throughout, within } from '../ast/nodes.js'
import { hasReason } from '../ast/reasons.js'
import { isEmptyValue } from '../ast/values.js'
import { type Look, rule } from '../rule.js'

export type Level = 'strong' | 'weak' | 'strict'

export const noSilentReturn = rule({
  question: 'An early return that skips work says why.',
  reason: 'Why the e-mail was never sent is asked weeks later, and a return without a word has no answer.',
  type: 'problem',
  messages: { silent: 'This return skips {{skipped}}, and nothing says why.' },
  properties: {
    level: {
      description:
        '`strong`: returns that depend on what was fetched. `weak`: those that depend on what the function was given, too. `strict`: every early return that skips work.',
      enum: ['strong', 'weak', 'strict'],
    },
  },
  defaults: { level: 'strong' as Level },
  create(look) {
    return {
      ReturnStatement(node) {
        const skipped = silentlySkips(node, look)
        if (skipped !== undefined)
          look.report({ node, messageId: 'silent', data: { skipped: `\`${skipped}\`` } })
      },
    }
  },
})

type Looking = Look<'silent', { readonly level: Level }>

/** What an early return skips without a word, as it is written. */
function silentlySkips(node: TSESTree.ReturnStatement, look: Looking): string | undefined {
  const fn = functionOf(node)
  if (fn === undefined || isPredicate(fn) || isArrayCallback(fn)) return undefined
  if (!saysNothing(node, fn, look)) return undefined
  const guards = guardsOf(node)
  const [nearest] = guards
  if (nearest === undefined) return undefined
  if (!fn.async && !isContinuation(fn) && isComputation(fn)) return undefined
  const effect = effectIn(
    skippedBy(node, fn),
    look.settings.effects,
    (call) => look.signalOf(call) !== undefined,
  )
  if (effect === undefined) return undefined
  if (saysWhy(node, nearest, look)) return undefined
  if (look.options.level !== 'strict' && !isWorthTelling(node, guards, fn, effect.call, look)) return undefined
  return effect.text
}

/** Nothing comes back, or the same as when all has been done. */
function saysNothing({ argument }: TSESTree.ReturnStatement, fn: FunctionNode, look: Looking): boolean {
  if (isEmptyValue(argument) || argument == null) return true
  const value = bare(argument)
  const variable = value.type === 'Identifier' ? variableOf(look.sourceCode, value) : undefined
  const init = variable === undefined ? undefined : initOf(variable)
  // const NOTHING = { removed: 0 }
  if (init !== undefined && isConstant(init, fn) && isEmptyValue(init)) return true
  if (value.type !== 'Identifier' && value.type !== 'MemberExpression') return false
  const last = fn.body.type === 'BlockStatement' ? fn.body.body.at(-1) : undefined
  return (
    last?.type === 'ReturnStatement' &&
    last.argument != null &&
    last.argument !== argument &&
    look.sourceCode.getText(last.argument) === look.sourceCode.getText(argument)
  )
}

function isConstant(init: Node, fn: FunctionNode): boolean {
  return ![...ancestorsOf(init)].includes(fn)
}

/** By its name it takes something away: that it is gone already is what was wanted. */
function undoes(fn: FunctionNode): boolean {
  const [first = ''] = wordsOf(functionName(fn) ?? '')
  return /^(?:purge|remove|delete|destroy|revoke|clear|cleanup|clean|undo|release|unsubscribe|unlink|detach|drop|forget|evict|invalidate)$/.test(
    first,
  )
}

/** In the branch of the return: a signal, an answer, a reason. */
function saysWhy(node: Node, guard: Guard, look: Looking): boolean {
  const branch = branchOf(guard, node)
  for (const statement of branch) {
    if (statement === node) continue
    // It has already done something else, an answer to the caller for instance.
    if (doesSomething(statement) && !isMark(statement, branch, guard)) return true
    for (const each of within(statement))
      if (each.type === 'CallExpression' && look.signalOf(each) !== undefined) return true
  }
  const beside = guard.kind === 'if' && !guard.isElse ? [guard.node, ...declarationBefore(guard.node)] : []
  return hasReason(look.sourceCode, node) || hasReason(look.sourceCode, ...beside)
}

const marks = /^(?:update|set|del|delete|drop|clear|remove|nack|discard|rename|mark|touch)$/

/** All that the branch does is to put the matter aside, `await order.update({ state: 'void' })`, and it doesn't say what for. */
function isMark(statement: Node, branch: readonly Node[], guard: Guard): boolean {
  if (guard.kind !== 'if' || branch.filter(doesSomething).length !== 1) return false
  if (isEquality(guard.test)) return false
  if (statement.type !== 'ExpressionStatement') return false
  const call = bare(statement.expression)
  if (call.type !== 'CallExpression') return false
  if (!marks.test(wordsOf(tailOf(call.callee))[0] ?? '') && !isStatementOfSql(call)) return false
  for (const each of within(call))
    if (
      each.type === 'Property' &&
      'name' in each.key &&
      wordsOf(each.key.name as string).some((word) => /^(?:reason|error|message|note|why|cause)$/.test(word))
    )
      return false
  return true
}

function isStatementOfSql({ arguments: [first] }: TSESTree.CallExpression): boolean {
  return first?.type === 'Literal' && typeof first.value === 'string' && /^\s*(?:delete|update)\s/i.test(first.value)
}

function isEquality(test: Node): boolean {
  const inner = bare(test)
  return inner.type === 'BinaryExpression' && /^===?$/.test(inner.operator)
}

/** `// why` above `const lock = await …` is said of the `if (!lock)` that follows as well. */
function declarationBefore(statement: TSESTree.IfStatement): Node[] {
  const { parent } = statement
  if (parent.type !== 'BlockStatement') return []
  const before = parent.body[parent.body.indexOf(statement) - 1]
  if (before?.type !== 'VariableDeclaration' || before.loc.end.line + 1 !== statement.loc.start.line) return []
  const [declared] = before.declarations
  const name = declared?.id.type === 'Identifier' ? declared.id.name : undefined
  const isAsked = [...within(statement.test)].some((each) => each.type === 'Identifier' && each.name === name)
  return isAsked ? [before] : []
}

/** The statements of the branch up to the return. */
function branchOf(guard: Guard, node: Node): readonly Node[] {
  if (guard.kind === 'case')
    return guard.node.consequent.slice(
      0,
      guard.node.consequent.findIndex((each) => contains(each, node)),
    )
  const body =
    guard.kind === 'catch' ? guard.node.body : guard.isElse ? guard.node.alternate : guard.node.consequent
  if (body?.type !== 'BlockStatement') return []
  return body.body.slice(
    0,
    body.body.findIndex((each) => contains(each, node)),
  )
}

function contains(outer: Node, inner: Node): boolean {
  return outer.range[0] <= inner.range[0] && outer.range[1] >= inner.range[1]
}

function isWorthTelling(
  node: TSESTree.ReturnStatement,
  guards: readonly Guard[],
  fn: FunctionNode,
  effect: TSESTree.CallExpression,
  look: Looking,
): boolean {
  const [guard] = guards as [Guard]
  if (guard.kind === 'catch') return false
  const { test } = guard
  const { sourceCode, options } = look
  // Where nothing is waited for, what isn't there is mostly a part that not everyone has.
  if (!fn.async && !isContinuation(fn) && !isAddressMissing(test, sourceCode)) return options.level === 'weak'
  if (isBusy(test, fn) || isTooLate(test) || isThrottled(test)) return true
  const isFetched = readsFetched(test, fn, sourceCode)
  if (isConfiguration(test, isFetched, sourceCode) || isDone(test, fn) || isLedElsewhere(test)) return false
  if (isRouting(test, isFetched)) return options.level === 'weak' && guard.kind === 'case'
  if (options.level === 'weak') return true
  if (!isFetched && !isUnknown(test, sourceCode) && !isStopped(test) && !isAddressMissing(test, sourceCode)) return false
  if (isThereAlready(test, effect, sourceCode) || (isAbsence(test) && undoes(fn))) return false
  if (isEmptiness(test) || isCountOfNone(test, sourceCode) || isOptionalPart(test, fn) || isNotYet(test)) return false
  return !isToldToCaller(node, test, fn, look) && !isToldBefore(test, look)
}

/** What the guard asks about comes from a function of this file that tells of its failures itself, or answers the client. */
function isToldBefore(test: Node, look: Looking): boolean {
  for (const each of within(test)) {
    if (each.type !== 'Identifier') continue
    const variable = variableOf(look.sourceCode, each)
    const init = variable === undefined ? undefined : initOf(variable)
    const call = init === undefined ? undefined : bare(init)
    if (call?.type !== 'CallExpression') continue
    // const draft = await transaction(async () => { … if (!locked) return … })
    if (call.arguments.some((given) => isFunction(given) && returnsEarly(given))) return true
    const callee = localFunction(call, look.sourceCode)
    if (callee !== undefined && tells(callee, look)) return true
  }
  return false
}

function returnsEarly({ body }: FunctionNode): boolean {
  return [...within(body)].some(
    (each) => each.type === 'ReturnStatement' && each.parent !== body && isEmptyValue(each.argument),
  )
}

/** Says something where it comes back with nothing. */
function tells(fn: FunctionNode, look: Looking): boolean {
  for (const each of throughout(fn.body)) {
    if (
      each.type !== 'CallExpression' ||
      (look.signalOf(each) === undefined && !answers.test(pathOf(each.callee).join('.')))
    )
      continue
    for (const holder of ancestorsOf(each)) {
      if (isFunction(holder) || holder.type === 'CatchClause') return true
      if (holder.type === 'BlockStatement' && holder !== fn.body) {
        if ([...within(holder)].some((part) => part.type === 'ReturnStatement')) return true
        break
      }
    }
  }
  return false
}

const answers =
  /^(?:res|response|reply|ctx|c)\.(?:status|code|send|json|end|throw|sendStatus|redirect|notFound)\b/

const job =
  /job|worker|processor|task|listener|handler|consumer|cron|queue|subscriber|event|webhook|scheduler|sweep|notif|mailer/i
const jobName = /^(?:handle|process|perform|run|execute|consume|work|on[A-Z]\w*|tick)$/

/** A lookup by what the caller gave that answers "not found" by a value: it knows what that means. */
function isToldToCaller(
  { argument }: TSESTree.ReturnStatement,
  test: Node,
  fn: FunctionNode,
  { filename, sourceCode }: Looking,
): boolean {
  if (argument == null || !isAbsence(test)) return false
  if (job.test(filename) || jobName.test(functionName(fn) ?? '')) return false
  if (!isLookedUpByParameter(test, fn, sourceCode)) return false
  const returns = [...within(fn.body)].filter((each) => each.type === 'ReturnStatement')
  return returns.some((each) => !isEmptyValue(each.argument))
}
