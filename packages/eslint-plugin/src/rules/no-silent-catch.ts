import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { variableOf } from '../ast/bindings.js'
import { isCleanup, isExplainedCleanup } from '../ast/cleanups.js'
import { textOf } from '../ast/effects.js'
import { memberName, pathOf, tailOf } from '../ast/names.js'
import { bare, isFunction, type Node, within } from '../ast/nodes.js'
import { once } from '../ast/once.js'
import { asked, isAnsweredNo, isBodyRead, isExpected, isProbe, isProbing } from '../ast/probes.js'
import { hasReason, hasReasonBehind, isReason } from '../ast/reasons.js'
import { isEmptyValue } from '../ast/values.js'
import { type Look, rule } from '../rule.js'
import { errorTold } from '../signals/error-lines.js'
import { isSilent, isToldInside, refuses } from '../signals/handed-on.js'
import { deafListenerOf, emptyCatchErrorOf } from '../signals/listeners.js'
import type { Signal } from '../signals/signal.js'

export const noSilentCatch = rule({
  question: 'A caught error reaches a log, a report, a rethrow or the value that is returned.',
  reason:
    'What failed is known here and nowhere else: a catch that drops it turns an incident into a riddle.',
  type: 'problem',
  messages: {
    silent: 'The error{{what}} ends here and nobody hears of it: log it, rethrow it or return it.',
    dropped: 'The error{{what}} is not in the line that tells of it: pass it to the log call.',
    tell: 'Log the error.',
    tellAfter: 'Log the error after the text, as winston, Nest and the console take it.',
    tellFirst: 'Log the error before the text, as pino and bunyan take it.',
  },
  properties: {},
  defaults: {},
  hasSuggestions: true,
  create(look) {
    const { sourceCode } = look
    return {
      CatchClause(node) {
        const { block } = node.parent
        if (isSilent(node.body, node.param, look, block) && isWorthTelling(block, node, look))
          report(node, node.body, block, look)
      },
      CallExpression(node) {
        const ending = deafListenerOf(node) ?? emptyCatchErrorOf(node, sourceCode)
        if (ending !== undefined) return checkEnding(ending, node)
        const handler = handlerOf(node)
        if (handler === undefined || isAnswer(node)) return
        const { object } = bare(node.callee) as TSESTree.MemberExpression
        if (isCleanup([object]) || isBodyRead(object) || isExplainedCleanup(node, sourceCode)) return
        if (isSeenElsewhere(object, sourceCode) || isAskedFor(node, look) || isProbing(asked(object))) return
        if (hasReasonBehind(sourceCode, node) || isOneOfOptional(node)) return
        if (!hasReason(sourceCode, handler) && isSilentHandler(handler, look))
          report(handler, isFunction(handler) ? handler.body : handler, object, look)
      },
    }

    function checkEnding(handler: Node, node: TSESTree.CallExpression): void {
      if (hasReason(sourceCode, handler) || hasReasonBehind(sourceCode, node)) return
      if (node.parent.type === 'ExpressionStatement' && hasReason(sourceCode, node.parent)) return
      if (isSilentHandler(handler, look))
        report(handler, isFunction(handler) ? handler.body : handler, undefined, look)
    }
  },
})

type Looking = Look<'silent' | 'dropped' | 'tell' | 'tellAfter' | 'tellFirst', object>

function report(handler: Node, body: Node, tried: Node | undefined, look: Looking): void {
  const line = lineIn(body, look)
  const what = tried === undefined ? undefined : triedCall(tried)
  const edits = errorTold(handler, what, line, look)
  // Of a logger that another module makes, nothing tells which of the two it prints.
  const others = errorTold(handler, what, line, look, 'fields, text')
  const suggestions = [
    ...(edits === undefined
      ? []
      : [{ messageId: others === undefined ? 'tell' : 'tellAfter', edits } as const]),
    ...(others === undefined ? [] : [{ messageId: 'tellFirst', edits: others } as const]),
  ]
  look.report({
    node: handler,
    messageId: line === undefined ? 'silent' : 'dropped',
    data: { what: what === undefined ? '' : ` of \`${what}\`` },
    suggest: suggestions.map(({ messageId, edits }) => ({
      messageId,
      fix: (fixer) => edits.map(({ range, text }) => fixer.replaceTextRange(range, text)),
    })),
  })
}

/** The log line of a handler, which is there without the error. */
function lineIn(body: Node, look: Looking): Signal | undefined {
  for (const each of within(body)) {
    const signal = each.type === 'CallExpression' ? look.signalOf(each) : undefined
    if (signal?.kind === 'log' || signal?.kind === 'report') return signal
  }
  return undefined
}

/** What was tried: the first call that is waited for, or the first. */
function triedCall(tried: Node): string | undefined {
  let first: string | undefined
  for (const each of within(tried)) {
    if (each.type !== 'CallExpression') continue
    const text = textOf(each)
    if (text === '' || text === 'then') continue
    if (each.parent.type === 'AwaitExpression') return text
    first ??= text
  }
  return first
}

/** `loading.catch(noop)` of a promise that is waited for elsewhere: this keeps the process alive until then. */
function isSeenElsewhere(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  // Promise.resolve(answer).catch(noop)
  if (node.type === 'CallExpression' && pathOf(node.callee).join('.') === 'Promise.resolve') {
    const [settled] = node.arguments
    return settled?.type === 'Identifier' && isSeenElsewhere(settled, sourceCode)
  }
  // It never rejects.
  if (node.type === 'CallExpression' && pathOf(node.callee).join('.') === 'Promise.allSettled') return true
  const variable = node.type === 'Identifier' ? variableOf(sourceCode, node) : undefined
  return (
    variable?.references.some(
      ({ identifier }) => identifier !== node && identifier.parent.type !== 'VariableDeclarator',
    ) === true
  )
}

/** `const file = await open().catch(() => null)`, and then `if (!file) throw …`: that it failed is told. */
function isAskedFor(node: TSESTree.CallExpression, look: Looking): boolean {
  const holder = node.parent.type === 'AwaitExpression' ? node.parent.parent : node.parent
  if (holder.type !== 'VariableDeclarator' || holder.id.type !== 'Identifier') return false
  const { name } = holder.id
  const statements = holder.parent.parent?.type === 'BlockStatement' ? holder.parent.parent.body : []
  const at = statements.indexOf(holder.parent) + 1
  const next = statements
    .slice(at, at + 3)
    .find(
      (each): each is TSESTree.IfStatement =>
        each.type === 'IfStatement' &&
        [...within(each.test)].some((part) => part.type === 'Identifier' && part.name === name),
    )
  if (next === undefined) return false
  return [...within(next.consequent)].some(
    (each) =>
      each.type === 'ThrowStatement' ||
      (each.type === 'CallExpression' && (look.signalOf(each) !== undefined || refuses(each))),
  )
}

/** `.catch(handler)` of a promise, `.then(next, handler)`. */
function handlerOf(node: TSESTree.CallExpression): Node | undefined {
  // Every call comes by here.
  const { callee } = node
  const method = callee.type === 'MemberExpression' ? memberName(callee) : undefined
  const given = node.arguments
  if (method === 'catch') return given.length === 1 ? given[0] : undefined
  return method === 'then' && given.length === 2 ? given[1] : undefined
}

/** `.then(() => true, () => false)`: whether it failed is the answer. */
function isAnswer({ arguments: given }: TSESTree.CallExpression): boolean {
  return given.length === 2 && given.every((each) => isFunction(each) && isBoolean(each.body))
}

function isBoolean(node: Node): boolean {
  return node.type === 'Literal' && typeof node.value === 'boolean'
}

/** `Promise.all([icon().catch(() => null), name().catch(() => null)])`: each is taken where it can be had. */
function isOneOfOptional({ parent }: TSESTree.CallExpression): boolean {
  return parent.type === 'ArrayExpression' && hasOptional(parent)
}

const hasOptional = once(({ elements }: TSESTree.ArrayExpression) => {
  const optional = elements.filter(
    (each) => each?.type === 'CallExpression' && hasEmptyFallback(handlerOf(each)),
  )
  return optional.length > 1
})

function hasEmptyFallback(handler: Node | undefined): boolean {
  return handler !== undefined && isFunction(handler) && isEmptyValue(handler.body)
}

function isSilentHandler(handler: Node, look: Looking): boolean {
  // () => {}, noop: a function of another name may well tell.
  if (handler.type === 'Identifier') return /^(?:noop|_?ignore\w*|swallow\w*)$/i.test(handler.name)
  if (handler.type === 'MemberExpression') return /^noop$/i.test(tailOf(handler))
  if (!isFunction(handler)) return false
  return isSilent(handler.body, handler.params[0], look)
}

function isWorthTelling(block: TSESTree.BlockStatement, node: TSESTree.CatchClause, look: Looking): boolean {
  if (
    isProbe(block, (call) => look.signalOf(call) !== undefined) ||
    isCleanup(block.body) ||
    isAnsweredNo(block, node) ||
    isExpected(block) ||
    isToldInside(block, look)
  )
    return false
  return !look.sourceCode.getCommentsInside(node).some(isReason)
}
