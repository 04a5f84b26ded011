import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { pathOf, tailOf, wordsOf } from '../ast/names.js'
import { bare, isFunction, type Node, throughout, within } from '../ast/nodes.js'
import { hasReason, isReason } from '../ast/reasons.js'
import { type Look, rule } from '../rule.js'

export const noSilentCatch = rule({
  question: 'A caught error reaches a log, a report, a rethrow or the value that is returned.',
  reason:
    'What failed is known here and nowhere else: a catch that drops it turns an incident into a riddle.',
  type: 'problem',
  messages: { silent: 'The error ends here and nobody hears of it: log it, rethrow it or return it.' },
  properties: {},
  defaults: {},
  create(look) {
    const { sourceCode } = look
    return {
      CatchClause(node) {
        if (isSilent(node.body, node.param, look) && isWorthTelling(node.parent.block, node, sourceCode))
          look.report({ node, messageId: 'silent' })
      },
      CallExpression(node) {
        const handler = handlerOf(node)
        if (handler === undefined || isCleanup([(bare(node.callee) as TSESTree.MemberExpression).object]))
          return
        if (!hasReason(sourceCode, handler) && isSilentHandler(handler, look))
          look.report({ node: handler, messageId: 'silent' })
      },
    }
  },
})

type Looking = Look<'silent', object>

/** `.catch(handler)` of a promise. */
function handlerOf(node: TSESTree.CallExpression): Node | undefined {
  const callee = bare(node.callee)
  if (callee.type !== 'MemberExpression' || tailOf(callee) !== 'catch' || node.arguments.length !== 1)
    return undefined
  return node.arguments[0]
}

function isSilentHandler(handler: Node, look: Looking): boolean {
  // () => {}, noop: a function of another name may well tell.
  if (handler.type === 'Identifier') return /^(?:noop|_?ignore\w*|swallow\w*)$/i.test(handler.name)
  if (handler.type === 'MemberExpression') return /^noop$/i.test(tailOf(handler))
  if (!isFunction(handler)) return false
  return isSilent(handler.body, handler.params[0], look)
}

/** Nothing in it tells, and the error goes nowhere. */
function isSilent(body: Node, param: Node | null | undefined, look: Looking): boolean {
  const names = namesIn(param)
  for (const each of throughout(body)) {
    if (each.type === 'ThrowStatement') return false
    if (each.type === 'CallExpression' && tells(each, look)) return false
    if (each.type === 'Identifier' && names.has(each.name) && isHandedOn(each, body)) return false
  }
  return true
}

function namesIn(param: Node | null | undefined): Set<string> {
  const names = new Set<string>()
  if (param != null) for (const each of within(param)) if (each.type === 'Identifier') names.add(each.name)
  return names
}

function tells(call: TSESTree.CallExpression, look: Looking): boolean {
  if (look.signalOf(call) !== undefined) return true
  const method = tailOf(call.callee)
  return /^(?:reject|next|fail|abort|exit|done|cb|callback|onError|handleError|moveToFailed)$/.test(method)
}

/** It is an argument, it is returned, or it is put where others see it; being asked what it is does not count. */
function isHandedOn(node: Node, body: Node): boolean {
  let inner = node
  for (let each = node.parent; each != null && inner !== body; inner = each, each = each.parent) {
    switch (each.type) {
      case 'CallExpression':
      case 'NewExpression':
        if (each.callee !== inner) return !isQuestion(each)
        break
      case 'ReturnStatement':
      case 'YieldExpression':
        return true
      case 'ArrowFunctionExpression':
        if (each.body === inner) return true
        break
      case 'AssignmentExpression':
        return each.right === inner
      case 'VariableDeclarator':
        return true
      case 'IfStatement':
      case 'ConditionalExpression':
      case 'SwitchStatement':
        if ('test' in each ? each.test === inner : each.discriminant === inner) return false
        break
      default:
    }
  }
  return inner === body && body.type !== 'BlockStatement'
}

/** `isNotFound(error)`, `error.message.includes('x')`. */
function isQuestion(call: TSESTree.CallExpression | TSESTree.NewExpression): boolean {
  const [first = ''] = wordsOf(tailOf(call.callee))
  return /^(?:is|has|includes|test|match|starts|ends)$/.test(first)
}

function isWorthTelling(
  block: TSESTree.BlockStatement,
  node: TSESTree.CatchClause,
  sourceCode: TSESLint.SourceCode,
): boolean {
  if (isProbe(block) || isCleanup(block.body)) return false
  return !sourceCode.getCommentsInside(node).some(isReason)
}

const probing =
  /^(?:parse|JSON|URL|URLSearchParams|decodeURIComponent|decodeURI|atob|from|RegExp|BigInt|require|resolve|import|accessSync|access|statSync|existsSync|stat|lstat|readFileSync|verify|decode|fromISO|parseISO|format|Intl|test|DateTimeFormat|NumberFormat|isValid|compile|toASCII|domainToASCII)$/

/** Nothing but a question whose answer is the failure: parsing, decoding, looking whether something is there. */
function isProbe(block: TSESTree.BlockStatement): boolean {
  let calls = 0
  for (const each of within(block)) {
    if (each.type === 'AwaitExpression' && !probing.test(tailOf(each.argument))) return false
    if (each.type !== 'CallExpression' && each.type !== 'NewExpression') continue
    calls++
    if (isStatement(each) && !probing.test(tailOf(each.callee))) return false
  }
  return calls >= 0
}

function isStatement(node: Node): boolean {
  return node.parent?.type === 'ExpressionStatement'
}

const ending =
  /^(?:close|unlink|unlinkSync|rm|rmSync|rmdir|destroy|disconnect|quit|end|terminate|kill|abort|cancel|release|unsubscribe|cleanup|remove|removeAllListeners|unref|stop|rollback|dispose|cancelQuery|unlock)$/

/** Only what leaves in order: that it was gone already is no news. */
function isCleanup(statements: readonly Node[]): boolean {
  let calls = 0
  for (const statement of statements) {
    for (const each of within(statement)) {
      if (each.type !== 'CallExpression') continue
      calls++
      if (!ending.test(pathOf(each.callee).at(-1) ?? '')) return false
    }
  }
  return calls > 0
}
