import type { TSESTree } from '@typescript-eslint/utils'
import { isAnswer } from '../ast/causes.js'
import { isRejection } from '../ast/errors.js'
import { tailOf } from '../ast/names.js'
import { bare, type FunctionNode, isFunction, type Node, within } from '../ast/nodes.js'
import { once } from '../ast/once.js'
import { type Look, rule } from '../rule.js'
import { levelOf, type Signal } from '../signals/signal.js'

export const noDoubleReport = rule({
  question: 'An error is logged where it is handled, or thrown on: not both.',
  reason: 'Whoever catches it next logs it again: one failure looks like two, and counts as two.',
  type: 'suggestion',
  messages: {
    twice:
      'The error is logged here and thrown on, to be logged again: throw it with a `cause`, or end it here.',
  },
  properties: {},
  defaults: {},
  create(look) {
    return {
      CatchClause(node) {
        check(node.body, node.param, look)
      },
      ArrowFunctionExpression: checkHandler,
      FunctionExpression: checkHandler,
    }

    function checkHandler(fn: FunctionNode): void {
      if (isRejection(fn) && fn.body.type === 'BlockStatement') check(fn.body, fn.params[0], look)
    }
  },
})

type Looking = Look<'twice', object>

/** Reports the first signal of a handler that a throw can follow. */
function check(body: TSESTree.BlockStatement, error: Node | null | undefined, look: Looking): void {
  for (const each of within(body)) {
    if (each.type !== 'CallExpression') continue
    const signal = look.signalOf(each)
    if (signal === undefined || !isReport(signal) || inInnerCatch(each, body)) continue
    if (!isThrownAfter(each, body) || !isOfError(signal, error, body)) continue
    look.report({ node: each, messageId: 'twice' })
    return
  }
}

/** Telltale reports an error object once, however often it is told. */
function isReport(signal: Signal): boolean {
  const { kind, method, source, call, wrapper, isOwnLog } = signal
  if (kind !== 'log' && kind !== 'report') return false
  // notifyFailure(order): by its name it may as well write to a customer.
  const isNamed =
    source === undefined &&
    wrapper === undefined &&
    isOwnLog === undefined &&
    bare(call.callee).type !== 'MemberExpression'
  if (isNamed && !/^(?:log|report|capture)_?\w*(?:error|exception)$/i.test(method)) return false
  if (method === 'exception' || method === 'addBreadcrumb' || source?.startsWith('telltale') === true)
    return false
  return levelOf(signal) === 'error'
}

/** It names the error; or, not on the console, is told of each. Else it adds to what others will tell. */
function isOfError({ call, source }: Signal, error: Node | null | undefined, body: Node): boolean {
  if (error?.type !== 'Identifier') return false
  for (const argument of call.arguments)
    for (const each of within(argument))
      if (each.type === 'Identifier' && each.name === error.name) return true
  return source !== 'console' && call.parent.type === 'ExpressionStatement' && call.parent.parent === body
}

/** Of a `try` inside of the handler: it is another error. */
function inInnerCatch(node: Node, body: Node): boolean {
  for (let each = node.parent; each != null && each !== body; each = each.parent)
    if (each.type === 'CatchClause') return true
  return false
}

/** Whether a statement after the one of the call, in its block or one around it, throws before the function ends. */
function isThrownAfter(call: Node, body: Node): boolean {
  let inner: Node = call
  for (let each = call.parent; each != null && inner !== body; inner = each, each = each.parent) {
    if (isFunction(each)) return false
    const isThrown = fatesIn(each).get(inner)
    if (isThrown !== undefined) return isThrown
  }
  return false
}

/** Whether a throw ends what comes after each statement of a block; undefined where it goes on after the block. */
const fatesIn = once((block: Node) => {
  const fates = new Map<Node, boolean | undefined>()
  const statements =
    block.type === 'BlockStatement' ? block.body : block.type === 'SwitchCase' ? block.consequent : []
  let fate: boolean | undefined
  for (const each of statements.toReversed()) {
    fates.set(each, fate)
    if (throws(each)) fate = true
    else if (/^(?:Return|Continue|Break)Statement$/.test(each.type)) fate = false
  }
  return fates
})

/** `new NotFoundException()`, `redirect('/login')`. */
function isThrownAnswer(thrown: Node): boolean {
  if (thrown.type === 'NewExpression') return isAnswer(thrown)
  return (
    thrown.type === 'CallExpression' &&
    /^(?:redirect|permanentRedirect|notFound|unauthorized|forbidden|badRequest)$/i.test(tailOf(thrown))
  )
}

/** `throw`, `return Promise.reject(…)`, `reject(error)`, `next(error)`, on one of its ways at least. */
function throws(statement: Node): boolean {
  for (const each of within(statement)) {
    // A 4xx is the caller's to know, and nobody logs it as an error again.
    if (each.type === 'ThrowStatement') return !isThrownAnswer(each.argument)
    if (each.type !== 'CallExpression' || each.arguments.length !== 1) continue
    if (tailOf(each.callee) === 'reject') return true
    if (bare(each.callee).type === 'Identifier' && tailOf(each.callee) === 'next') return true
  }
  return false
}
