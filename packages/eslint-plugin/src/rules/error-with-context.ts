import type { TSESTree } from '@typescript-eslint/utils'
import { importOf, variableOf } from '../ast/bindings.js'
import { handlerOf, type Handler, isAnswer, isNarrowedByCode } from '../ast/caught.js'
import { isError, textOfError } from '../ast/errors.js'
import { tailOf, wordsOf } from '../ast/names.js'
import { ancestorsOf, bare, isFunction, type Node, within } from '../ast/nodes.js'
import { isCommand } from '../ast/programs.js'
import { textIn } from '../ast/texts.js'
import { type Look, rule } from '../rule.js'
import { levelOf, type Signal } from '../signals/signal.js'

type Id = 'text' | 'cause' | 'whole' | 'addCause'

export const errorWithContext = rule({
  question: 'An error is logged as an object, and an error that is made of another one has it as its cause.',
  reason: 'The text alone has no stack, no code and no causes: it says that it failed, not where or why.',
  type: 'problem',
  messages: {
    text: 'Of the error `{{name}}` only the text is told: give the error itself, for its stack and causes.',
    cause: 'The error `{{name}}` ends here: give the new error a `cause`.',
    whole: 'Give the error itself.',
    addCause: 'Give it as the cause.',
  },
  properties: {},
  defaults: {},
  hasSuggestions: true,
  create(look) {
    return {
      CallExpression(node) {
        const signal = look.signalOf(node)
        if (signal !== undefined && tellsErrors(signal, look)) checkSignal(signal, look)
      },
      NewExpression(node) {
        const handler = handlerOf(node)
        if (handler !== undefined && dropsCause(node, handler, look)) reportCause(node, handler, look)
      },
    }
  },
})

type Looking = Look<Id, object>

/** A log or a tracker: not a breadcrumb, not a function that by its name may as well write to a customer. */
function tellsErrors({ kind, method, source, call, wrapper }: Signal, look: Looking): boolean {
  if (kind !== 'log' && kind !== 'report') return false
  if (method === 'addBreadcrumb' || method === 'write' || source === 'debug') return false
  if (source === 'console' && isCommand(look.sourceCode)) return false
  if (source !== undefined || wrapper !== undefined || bare(call.callee).type === 'MemberExpression')
    return true
  return /^(?:log|report|capture)_?(?:\w*error|\w*exception|info|warn)/i.test(method)
}

function checkSignal(signal: Signal, look: Looking): void {
  const { sourceCode } = look
  const { call } = signal
  let text: { readonly error: Node; readonly value: Node } | undefined
  for (const value of valuesOf(call.arguments)) {
    if (isWhole(value, look) && !isFormatted(value, call)) return
    const error = isFormatted(value, call) ? bare(value) : textOfError(value, sourceCode)
    if (error !== undefined) text ??= { error, value }
  }
  if (text === undefined) return
  const { error, value } = text
  const name = tailOf(error)
  if (levelOf(signal) !== 'error' && isExpected(call, name)) return
  const property = value.parent
  const key = signal.source === 'telltale' ? 'error' : isPinoLike(signal) ? 'err' : undefined
  const canReplace = key !== undefined && property?.type === 'Property' && error.type === 'Identifier'
  look.report({
    node: call,
    messageId: 'text',
    data: { name },
    ...(canReplace && {
      suggest: [
        {
          messageId: 'whole',
          fix: (fixer) => fixer.replaceText(property, key === name ? name : `${key}: ${name}`),
        },
      ],
    }),
  })
}

function isPinoLike({ source }: Signal): boolean {
  return source === 'pino' || source === 'bunyan' || source === 'nestjs-pino'
}

/** What a call is given, members of its objects included. */
function* valuesOf(nodes: readonly Node[], depth = 0): Generator<Node> {
  for (const each of nodes) {
    const inner = bare(each)
    if (inner.type !== 'ObjectExpression') yield each
    else if (depth < 3)
      yield* valuesOf(
        inner.properties.map((property) =>
          property.type === 'Property' ? property.value : property.argument,
        ),
        depth + 1,
      )
  }
}

/** The error itself, its stack, a value that something makes of it, a new error that has it as its cause. */
function isWhole(value: Node, look: Looking): boolean {
  const { sourceCode } = look
  if (isError(value, sourceCode)) return true
  const inner = bare(value)
  if (inner.type === 'LogicalExpression' || inner.type === 'ConditionalExpression')
    return [...within(inner)].some((each) => isStack(each, look))
  if (isStack(inner, look)) return true
  if (inner.type === 'NewExpression') return true
  if (inner.type !== 'CallExpression' || textOfError(inner, sourceCode) !== undefined) return false
  return inner.arguments.some((each) => isError(each, sourceCode))
}

function isStack(node: Node, { sourceCode }: Looking): boolean {
  return node.type === 'MemberExpression' && tailOf(node) === 'stack' && isError(node.object, sourceCode)
}

/** `('sent to %s: %s', id, err)`: what a placeholder stands for becomes text. */
function isFormatted(value: Node, { arguments: [first, ...rest] }: TSESTree.CallExpression): boolean {
  const text = first === undefined ? undefined : textIn(first)
  if (text === undefined || bare(value).type !== 'Identifier') return false
  const placeholders = text.texts.join('').match(/%[sdifjoOc]/g) ?? []
  const placeholder = placeholders[rest.indexOf(value as TSESTree.CallExpressionArgument)]
  return placeholder !== undefined && /[sdij]/.test(placeholder)
}

/** In the branch of an error of a known kind, where its text says enough: `if (err instanceof QuotaExceeded)`. */
function isExpected(node: Node, name: string): boolean {
  let inner = node
  for (const each of ancestorsOf(node)) {
    if (isFunction(each)) return false
    if (each.type === 'IfStatement' && each.consequent === inner && asksKind(each.test, name)) return true
    inner = each
  }
  return false
}

function asksKind(test: Node, name: string): boolean {
  for (const each of within(test)) {
    if (each.type === 'BinaryExpression') {
      if (each.operator === 'instanceof' && tailOf(each.left) === name && tailOf(each.right) !== 'Error')
        return true
      if (/^===?$/.test(each.operator) && /^(?:code|status|statusCode|name)$/.test(tailOf(each.left)))
        return true
    }
    if (each.type === 'CallExpression' && wordsOf(tailOf(each.callee))[0] === 'is') return true
  }
  return false
}

const plainErrors = /^(?:Error|TypeError|RangeError|SyntaxError|EvalError|ReferenceError|URIError)$/

/** A new error that goes out of the handler, and nothing in it is the error that was caught. */
function dropsCause(made: TSESTree.NewExpression, handler: Handler, look: Looking): boolean {
  const name = tailOf(made.callee)
  if (!/(?:Error|Exception|Fault|Failure)$/.test(name) || !isHandedOut(made, look)) return false
  if (isAnswer(made) || isNarrowedByCode(made, handler)) return false
  return !made.arguments.some((argument, index) =>
    carries(argument, handler.error, index, plainErrors.test(name)),
  )
}

/** Thrown, rejected with, given to a callback or a log. */
function isHandedOut(made: TSESTree.NewExpression, look: Looking): boolean {
  const { parent } = made
  if (parent.type === 'ThrowStatement') return true
  if (parent.type !== 'CallExpression' || parent.callee === made) return false
  if (/^(?:reject|next|cb|callback|done|destroy|fail)$/.test(tailOf(parent.callee))) return true
  const kind = look.signalOf(parent)?.kind
  return kind === 'log' || kind === 'report'
}

/** The error itself is in it: not its message, and not made a string by `new Error(err)`. */
function carries(argument: Node, error: string, index: number, isPlain: boolean): boolean {
  if (index === 0 && isPlain && bare(argument).type === 'Identifier') return false
  for (const each of within(argument)) {
    if (each.type !== 'Identifier' || each.name !== error) continue
    const parent = each.parent
    if (parent?.type === 'MemberExpression' && parent.object === each) {
      if (/^(?:cause|stack|originalError|inner|response)$/.test(tailOf(parent))) return true
      continue
    }
    if (parent?.type === 'MemberExpression' && parent.property === each && !parent.computed) continue
    if (parent?.type === 'Property' && parent.key === each && !parent.shorthand) continue
    if (parent?.type === 'TemplateLiteral' || parent?.type === 'BinaryExpression') continue
    if (parent?.type === 'CallExpression' && /^(?:String|\w*[mM]essage\w*)$/.test(tailOf(parent.callee)))
      continue
    return true
  }
  return false
}

function reportCause(made: TSESTree.NewExpression, { error }: Handler, look: Looking): void {
  const [message] = made.arguments
  const canAdd =
    made.arguments.length === 1 &&
    message !== undefined &&
    message.type !== 'SpreadElement' &&
    takesCause(made, look)
  const cause = error === 'cause' ? '{ cause }' : `{ cause: ${error} }`
  look.report({
    node: made,
    messageId: 'cause',
    data: { name: error },
    ...(canAdd && {
      suggest: [{ messageId: 'addCause', fix: (fixer) => fixer.insertTextAfter(message, `, ${cause}`) }],
    }),
  })
}

/** Those of the language, and Nest's HTTP exceptions: `(message, { cause })`. */
function takesCause({ callee }: TSESTree.NewExpression, { sourceCode }: Looking): boolean {
  if (callee.type !== 'Identifier') return false
  const variable = variableOf(sourceCode, callee)
  if (variable === undefined) return plainErrors.test(callee.name)
  return importOf(variable)?.source === '@nestjs/common' && callee.name !== 'HttpException'
}
