import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { importOf, variableOf } from '../ast/bindings.js'
import { isCleanup } from '../ast/cleanups.js'
import { memberName, pathOf, tailOf } from '../ast/names.js'
import { bare, isFunction, type Node } from '../ast/nodes.js'
import { isEmptyValue } from '../ast/values.js'

/** `redis.on('error', () => {})`: the listener that keeps a failure from ending the process, and does nothing else. */
export function deafListenerOf(call: TSESTree.CallExpression): Node | undefined {
  const [event, listener, ...others] = call.arguments
  if (!/^(?:on|addListener)$/.test(memberName(bare(call.callee)) ?? '') || others.length > 0) return undefined
  if (event?.type !== 'Literal' || listener === undefined || isEndedNext(call)) return undefined
  if (!/^(?:error|uncaughtException|unhandledRejection)$/.test(String(event.value))) return undefined
  if (isFunction(listener))
    return listener.body.type === 'BlockStatement' && listener.body.body.length === 0 ? listener : undefined
  return /^(?:noop|_?ignore\w*)$/i.test(tailOf(listener)) && listener.type !== 'CallExpression'
    ? listener
    : undefined
}

/** `socket.on('error', noop)` before `socket.destroy()`. */
function isEndedNext(call: TSESTree.CallExpression): boolean {
  const statement = call.parent
  if (statement.type !== 'ExpressionStatement' || statement.parent.type !== 'BlockStatement') return false
  const { body } = statement.parent
  const [root] = pathOf(call)
  return body
    .slice(body.indexOf(statement) + 1)
    .some(
      (each) =>
        each.type === 'ExpressionStatement' && pathOf(each.expression)[0] === root && isCleanup([each]),
    )
}

/** rxjs' `catchError(() => EMPTY)`: the stream goes on, or ends, as if nothing had failed. */
export function emptyCatchErrorOf(
  call: TSESTree.CallExpression,
  sourceCode: TSESLint.SourceCode,
): Node | undefined {
  const { callee } = call
  const [handler] = call.arguments
  if (callee.type !== 'Identifier' || callee.name !== 'catchError' || handler === undefined) return undefined
  const variable = variableOf(sourceCode, callee)
  const source = variable === undefined ? undefined : importOf(variable)?.source
  if (source === undefined || !/^rxjs(?:\/|$)/.test(source) || !isFunction(handler)) return undefined
  const { body } = handler
  const last = body.type === 'BlockStatement' ? body.body.at(-1) : undefined
  const value = last?.type === 'ReturnStatement' ? last.argument : last === undefined ? body : null
  return value != null && isEmptyStream(bare(value)) ? handler : undefined
}

/** `EMPTY`, `NEVER`, `of()`, `of(null)`, `[]`. */
function isEmptyStream(value: Node): boolean {
  if (value.type === 'Identifier') return /^(?:EMPTY|NEVER)$/.test(value.name)
  if (value.type === 'ArrayExpression') return value.elements.every((each) => isEmptyValue(each))
  if (value.type !== 'CallExpression' || !/^(?:of|from|empty|never)$/.test(tailOf(value))) return false
  return value.arguments.every((each) => isEmptyValue(each))
}
