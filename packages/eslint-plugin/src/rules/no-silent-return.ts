import type { TSESTree } from '@typescript-eslint/utils'
import { doesSomething, effectIn, skippedBy } from '../ast/effects.js'
import { isArrayCallback, isComputation, isPredicate } from '../ast/functions.js'
import {
  type Guard,
  guardsOf,
  isConfiguration,
  isContinuation,
  isDone,
  isEmptiness,
  isRouting,
  readsFetched,
} from '../ast/guards.js'
import { type FunctionNode, functionOf, type Node, within } from '../ast/nodes.js'
import { hasReason } from '../ast/reasons.js'
import { isEmptyValue } from '../ast/values.js'
import { type Look, rule } from '../rule.js'

export type Level = 'strong' | 'weak' | 'strict'

export const noSilentReturn = rule({
  question: 'An early return that skips work says why.',
  reason: 'Why the e-mail was never sent is asked weeks later, and a return without a word has no answer.',
  type: 'problem',
  messages: { silent: 'This return skips {{skipped}}, and nothing says why.' },
  properties: { level: { enum: ['strong', 'weak', 'strict'] } },
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
  if (!isEmptyValue(node.argument)) return undefined
  const fn = functionOf(node)
  if (fn === undefined || isPredicate(fn) || isArrayCallback(fn)) return undefined
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
  if (look.options.level !== 'strict' && !isWorthTelling(node, guards, fn, look)) return undefined
  return effect.text
}

/** In the branch of the return: a signal, an answer, a reason. */
function saysWhy(node: Node, guard: Guard, look: Looking): boolean {
  const branch = branchOf(guard, node)
  for (const statement of branch) {
    if (statement === node) continue
    // It has already done something else, an answer to the caller for instance.
    if (doesSomething(statement)) return true
    for (const each of within(statement))
      if (each.type === 'CallExpression' && look.signalOf(each) !== undefined) return true
  }
  const beside = guard.kind === 'if' && !guard.isElse ? [guard.node] : []
  return hasReason(look.sourceCode, node) || hasReason(look.sourceCode, ...beside)
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
  node: Node,
  guards: readonly Guard[],
  fn: FunctionNode,
  { options: { level }, sourceCode }: Looking,
): boolean {
  const [guard] = guards as [Guard]
  if (guard.kind === 'catch') return false
  const { test } = guard
  if (isConfiguration(test) || isDone(test)) return false
  if (isRouting(test)) return level === 'weak' && guard.kind === 'case'
  if (level === 'weak') return true
  if (isEmptiness(test)) return false
  void node
  return readsFetched(test, fn, sourceCode)
}
