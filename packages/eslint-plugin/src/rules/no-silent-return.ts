import type { TSESTree } from '@typescript-eslint/utils'
import { isAbsence, isNonexistence, isUnreadable } from '../ast/absence.js'
import { initOf, variableOf } from '../ast/bindings.js'
import { isDone } from '../ast/done.js'
import { type Effect, effectsByFunction, type EffectsOf, skippedBy, telling } from '../ast/effects.js'
import { isCountOfNone, isEmptiness } from '../ast/emptiness.js'
import { isContinuation, isNotInTable, isThereAlready, readsFetched } from '../ast/fetched.js'
import { isArrayCallback, isComputation, isPredicate, isRefresh } from '../ast/functions.js'
import { type Guard, guardsOf } from '../ast/guards.js'
import { isBusy, isLedElsewhere, isSilenced, isStateFilter, isStopped } from '../ast/held-back.js'
import { isNotYet, isThrottled, isTooLate } from '../ast/limits.js'
import { functionName, pathOf, wordsOf } from '../ast/names.js'
import { ancestorsOf, bare, type FunctionNode, functionOf, type Node, within } from '../ast/nodes.js'
import { isOptionalPart } from '../ast/parts.js'
import { once } from '../ast/once.js'
import { isConfiguration, isRouting } from '../ast/routing.js'
import { isBareOutcome, isEmptyValue } from '../ast/values.js'
import { isAddressMissing } from '../ast/wanted.js'
import { type Look, rule } from '../rule.js'
import { saysWhy } from '../signals/branches.js'
import { tellingLine } from '../signals/skips.js'
import { isToldBefore, isToldToCaller } from '../signals/told-elsewhere.js'

export type Level = 'strong' | 'weak' | 'strict'

export const noSilentReturn = rule({
  question: 'An early return that skips work says why.',
  reason: 'Why the e-mail was never sent is asked weeks later, and a return without a word has no answer.',
  type: 'problem',
  messages: {
    silent:
      'This return skips {{skipped}}, and nothing says why: log it, return the reason, or say why in a comment.',
    tell: 'Say why: {{call}}',
  },
  properties: {
    level: {
      description:
        '`strong`: returns that depend on what was fetched, or on a state that stops the work. `weak`: those on parameters, on emptiness and in a `case`, too. `strict`: every early return that skips work.',
      enum: ['strong', 'weak', 'strict'],
    },
  },
  defaults: { level: 'strong' as Level },
  hasSuggestions: true,
  create(look) {
    const effectsOf = effectsByFunction(look.settings.effects, (call) => look.signalOf(call) !== undefined)
    return {
      ReturnStatement(node) {
        const skipped = silentlySkips(node, look, effectsOf)
        if (skipped === undefined) return
        const suggestion = tellingLine(node, look)
        look.report({
          node,
          messageId: 'silent',
          data: { skipped: `\`${skipped}\`` },
          ...(suggestion !== undefined && {
            suggest: [{ messageId: 'tell', data: { call: suggestion.call }, fix: suggestion.fix }],
          }),
        })
      },
    }
  },
})

type Looking = Look<'silent' | 'tell', { readonly level: Level }>

/** What an early return skips without a word, as it is written. */
function silentlySkips(
  node: TSESTree.ReturnStatement,
  look: Looking,
  effectsOf: EffectsOf,
): string | undefined {
  const fn = functionOf(node)
  if (fn === undefined || !saysNothing(node, fn, look)) return undefined
  const isStrict = look.options.level === 'strict'
  if (!isStrict && (isPredicate(fn) || isArrayCallback(fn) || isPureComputation(fn))) return undefined
  const guards = guardsOf(node)
  const [nearest] = guards
  if (nearest === undefined) return undefined
  const effects = skippedBy(node, fn, effectsOf)
  if (effects.length === 0 || saysWhy(node, nearest, look, isStrict)) return undefined
  if (!isStrict && !isWorthTelling(node, nearest, fn, effects, look)) return undefined
  return telling(effects).text
}

function isPureComputation(fn: FunctionNode): boolean {
  return !fn.async && !isContinuation(fn) && isComputation(fn)
}

/** Nothing comes back, or the same as when all has been done. */
function saysNothing({ argument }: TSESTree.ReturnStatement, fn: FunctionNode, look: Looking): boolean {
  if (isEmptyValue(argument) || argument == null) return argument == null || !isOutcome(bare(argument), fn)
  const value = bare(argument)
  // What has been written to is no empty hand.
  if (/^(?:res|response|reply|ctx|context|next|self|this)$/.test(pathOf(value)[0] ?? '')) return false
  const variable = value.type === 'Identifier' ? variableOf(look.sourceCode, value) : undefined
  const init = variable === undefined ? undefined : initOf(variable)
  if (isBareOutcome(value)) return true
  // A hook that hands on what it was given.
  if (variable?.defs.some(({ type, node }) => type === 'Parameter' && node === fn) === true) return true
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

/** `{ ran: false }`, where `{ ran: true }` is returned as well: the caller is told. */
function isOutcome(value: Node, fn: FunctionNode): boolean {
  const denied = answersOf(value, false)
  if (denied.length === 0) return false
  const affirmed = affirmedBy(fn)
  return denied.some((name) => affirmed.has(name))
}

/** What a function says yes to in one of its returns. */
const affirmedBy = once((fn: FunctionNode) => {
  const names = new Set<string>()
  for (const each of within(fn.body))
    if (each.type === 'ReturnStatement' && each.argument != null)
      for (const name of answersOf(bare(each.argument), true)) names.add(name)
  return names
})

/** The names of an object's properties that are `true`, or `false`. */
function answersOf(value: Node, truth: boolean): string[] {
  if (value.type !== 'ObjectExpression') return []
  return value.properties.flatMap((each) =>
    each.type === 'Property' &&
    each.key.type === 'Identifier' &&
    each.value.type === 'Literal' &&
    each.value.value === truth
      ? [each.key.name]
      : [],
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

/** Whether an operator would ask about it later: what each level reports of what is silent. */
function isWorthTelling(
  node: TSESTree.ReturnStatement,
  guard: Guard,
  fn: FunctionNode,
  effects: readonly Effect[],
  look: Looking,
): boolean {
  // What was caught is told where it is caught.
  if (guard.kind === 'catch') return false
  const { test } = guard
  const { sourceCode, options } = look
  const isWeak = options.level === 'weak'
  // Where nothing is waited for, what isn't there is mostly a part that not everyone has.
  const isLate = fn.async || isContinuation(fn)
  if (!isWeak && !isLate && !isAddressMissing(test, sourceCode)) return false
  if (isThrottled(test)) return !isRefresh(fn)
  if (isBusy(test) || isTooLate(test) || isSilenced(test)) return true
  const isFetched = readsFetched(test, sourceCode)
  if (isConfiguration(test, isFetched, sourceCode) || isDone(test, fn) || isLedElsewhere(test)) return false
  if (isRouting(test, isFetched)) return isWeak && guard.kind === 'case'
  if (isNotYet(test) || isToldToCaller(node, test, fn, look) || isToldBefore(test, look)) return false
  if (isWeak) return true
  if (isUnreadable(test, sourceCode)) return true
  if (!isFetched && !isStopped(test) && !isAddressMissing(test, sourceCode)) return false
  if (isThereAlready(test, effects, sourceCode) || (isAbsence(test) && undoes(fn))) return false
  return (
    !isStateFilter(test) &&
    !isNotInTable(test, sourceCode) &&
    !isEmptiness(test) &&
    !isNonexistence(test, sourceCode) &&
    !isCountOfNone(test, sourceCode) &&
    !isOptionalPart(test, fn, sourceCode)
  )
}
