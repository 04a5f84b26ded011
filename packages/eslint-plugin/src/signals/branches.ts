import type { TSESTree } from '@typescript-eslint/utils'
import { doesSomething } from '../ast/effects.js'
import { branchOf, declarationBefore, type Guard, isEquality } from '../ast/guards.js'
import { tailOf, wordsOf } from '../ast/names.js'
import { bare, type Node, within } from '../ast/nodes.js'
import { hasReason } from '../ast/reasons.js'
import { isBareAnswer, isBareCallback } from '../ast/values.js'
import type { Sight } from './sight.js'
import { answersClient } from './told-elsewhere.js'

/** In the branch of the return: a signal, an answer, a reason. */
export function saysWhy(node: Node, guard: Guard, look: Sight, isStrict: boolean): boolean {
  const branch = branchOf(guard, node)
  for (const statement of branch) {
    if (statement === node) continue
    // It has already done something else, an answer to the caller for instance.
    if (isStrict ? answersClient(statement) : isOtherWork(statement, branch, guard)) return true
    for (const each of within(statement))
      if (each.type === 'CallExpression' && look.signalOf(each) !== undefined) return true
  }
  const beside = guard.kind === 'if' && !guard.isElse ? [guard.node, ...declarationBefore(guard.node)] : []
  return hasReason(look.sourceCode, node) || hasReason(look.sourceCode, ...beside)
}

function isOtherWork(statement: Node, branch: readonly Node[], guard: Guard): boolean {
  return doesSomething(statement) && !isEnd(statement) && !isMark(statement, branch, guard)
}

// What was begun is ended, whatever came of it.
const ending = /^(?:rollback|commit|release|unlock|rollbackTransaction|commitTransaction)$/

/** `done()`, `res.sendStatus(200)`: who called is told that all went well. */
function isEnd(statement: Node): boolean {
  if (statement.type !== 'ExpressionStatement') return false
  const call = bare(statement.expression)
  if (call.type !== 'CallExpression') return false
  return isBareCallback(call) || isBareAnswer(call) || ending.test(tailOf(call.callee))
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
  return (
    first?.type === 'Literal' &&
    typeof first.value === 'string' &&
    /^\s*(?:delete|update)\s/i.test(first.value)
  )
}
