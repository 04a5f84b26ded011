import type { TSESTree } from '@typescript-eslint/utils'
import { importOf, variableOf } from '../ast/bindings.js'
import { type Handler, handlerOf, isNarrowedByCode, isOfKnownKind } from '../ast/caught.js'
import { endsError, isLanguageError } from '../ast/causes.js'
import { textOfError } from '../ast/errors.js'
import { tailOf } from '../ast/names.js'
import { bare, type Node, within } from '../ast/nodes.js'
import { isCommand } from '../ast/programs.js'
import { textIn } from '../ast/texts.js'
import { type Look, rule } from '../rule.js'
import { handlerAround, isErrorByCall, isHandedOut, type MadeError } from '../signals/handed-out.js'
import { untoldId } from '../signals/ids.js'
import { lossMended } from '../signals/losses-mended.js'
import { errorKeysOf } from '../signals/printed.js'
import { levelOf, type Signal } from '../signals/signal.js'
import { errorToldBy, type ToldError } from '../signals/told-error.js'
import { canBeWhole, canTakeCause } from '../signals/whole-error.js'

type Id = 'text' | 'lost' | 'cause' | 'unnamed' | 'thrown' | 'ids' | 'whole' | 'addCause'

export const errorWithContext = rule({
  question: 'An error is logged as an object, and an error that is made of another one has it as its cause.',
  reason: 'The text alone has no stack, no code and no causes: it says that it failed, not where or why.',
  type: 'problem',
  messages: {
    text: 'Only the text of `{{name}}` is logged: pass the error itself, which has its stack, code and causes.',
    lost: '`{{name}}` is lost here: {{why}}.',
    cause: '`{{name}}` ends here: pass it to the new error as its `cause`.',
    unnamed: 'The caught error ends here: pass it to the new one as its `cause`.',
    thrown: 'A text is thrown, and `{{name}}` ends here: throw an Error that has it as its `cause`.',
    ids: 'Nothing says which `{{name}}` this was: add it as a field.',
    whole: 'Pass the error itself.',
    addCause: 'Pass it as the cause.',
  },
  properties: {
    ids: {
      description: 'Whether an error that is logged without the ids that are in scope is found, too.',
      type: 'boolean',
    },
  },
  defaults: { ids: false },
  hasSuggestions: true,
  create(look) {
    return {
      CallExpression(node) {
        if (isErrorByCall(node, look.sourceCode)) return checkMade(node)
        const signal = look.signalOf(node)
        const told =
          signal !== undefined && tellsErrors(signal, look) ? errorToldBy(signal, look.sourceCode) : undefined
        if (signal === undefined || told === undefined) return
        if (told.how === 'text') return checkText(signal, told, look)
        if (told.how === 'lost') return checkLost(signal, told, look)
        const id = look.options.ids && levelOf(signal) === 'error' ? untoldId(signal) : undefined
        if (id !== undefined) look.report({ node, messageId: 'ids', data: { name: id } })
      },
      NewExpression: checkMade,
      ThrowStatement(node) {
        checkThrown(node, look)
      },
    }

    function checkMade(node: MadeError): void {
      const handler = isHandedOut(node, look) ? handlerAround(node) : undefined
      if (handler === undefined || !endsError(node, handler)) return
      // What is returned has been told.
      const isReturned = /^(?:ReturnStatement|ArrowFunctionExpression)$/.test(node.parent.type)
      if (!isReturned || wholeIn(handler.body, look).length === 0) reportCause(node, handler, look)
    }
  },
})

type Looking = Look<Id, { readonly ids: boolean }>

/** A log or a tracker: not a breadcrumb, not a function that by its name may as well write to a customer. */
function tellsErrors({ kind, method, source, call, wrapper, isOwnLog }: Signal, look: Looking): boolean {
  if (kind !== 'log' && kind !== 'report') return false
  if (method === 'addBreadcrumb' || method === 'write' || source === 'debug') return false
  if (source === 'console' && isCommand(look.sourceCode)) return false
  if (source !== undefined || wrapper !== undefined || isOwnLog) return true
  if (bare(call.callee).type === 'MemberExpression') return true
  return /^(?:log|report|capture)_?(?:\w*error|\w*exception|info|warn)/i.test(method)
}

function checkText(
  signal: Signal,
  { error, value }: Extract<ToldError, { how: 'text' }>,
  look: Looking,
): void {
  const { call } = signal
  const name = tailOf(error)
  if (isToldEnough(signal, name, look)) return
  const property = value.parent
  const key = errorKey(signal, look)
  const canReplace =
    key !== undefined &&
    signal.method !== 'exception' &&
    canBeWhole(property, value, error, key, call, look.sourceCode)
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

/** The key under which its logger prints an error whole; undefined where that is not known. */
function errorKey(signal: Signal, { sourceCode }: Looking): string | undefined {
  const { source } = signal
  if (source === 'telltale') return 'error'
  if (source !== 'pino' && source !== 'bunyan' && source !== 'nestjs-pino') return undefined
  return errorKeysOf(signal, sourceCode)?.has('err') === false ? undefined : 'err'
}

function checkLost(
  signal: Signal,
  { error, value, why }: Extract<ToldError, { how: 'lost' }>,
  look: Looking,
): void {
  const { call } = signal
  const name = tailOf(error)
  if (isToldEnough(signal, name, look)) return
  const edits = lossMended(signal, value, look.sourceCode)
  look.report({
    node: call,
    messageId: 'lost',
    data: { name, why },
    ...(edits !== undefined && {
      suggest: [
        {
          messageId: 'whole',
          fix: (fixer) => edits.map(({ range, text }) => fixer.replaceTextRange(range, text)),
        },
      ],
    }),
  })
}

/** Of a known kind, or beside a call that tells it whole. */
function isToldEnough(signal: Signal, name: string, look: Looking): boolean {
  return (levelOf(signal) !== 'error' && isOfKnownKind(signal.call, name)) || isToldBeside(signal.call, look)
}

/** Another call of the same handler tells it whole, to a tracker for instance. */
function isToldBeside(call: Node, look: Looking): boolean {
  const handler = handlerOf(call)
  return handler !== undefined && wholeIn(handler.body, look).some((each) => each !== call)
}

const wholes = new WeakMap<Node, readonly Node[]>()

/** The calls of a handler that tell an error whole. */
function wholeIn(body: Node, look: Looking): readonly Node[] {
  const known = wholes.get(body)
  if (known !== undefined) return known
  const calls: Node[] = []
  for (const each of within(body)) {
    const signal = each.type === 'CallExpression' ? look.signalOf(each) : undefined
    if (signal === undefined || !tellsErrors(signal, look) || levelOf(signal) === 'debug') continue
    if (errorToldBy(signal, look.sourceCode)?.how === 'whole') calls.push(each)
  }
  wholes.set(body, calls)
  return calls
}

/** `throw err.message`, `throw 'failed'`. */
function checkThrown({ argument }: TSESTree.ThrowStatement, look: Looking): void {
  const handler = handlerOf(argument)
  const text = textOfError(argument, look.sourceCode)
  if (handler?.error === undefined || (text === undefined && textIn(argument) === undefined)) return
  if (isNarrowedByCode(argument, handler) || wholeIn(handler.body, look).length > 0) return
  look.report({ node: argument, messageId: 'thrown', data: { name: handler.error } })
}

function reportCause(made: MadeError, handler: Handler, look: Looking): void {
  const { error } = handler
  if (error === undefined) return look.report({ node: made, messageId: 'unnamed' })
  const [message] = made.arguments
  const canAdd = canTakeCause(made, handler, look.sourceCode) && takesCause(made, look)
  const cause = error === 'cause' ? '{ cause }' : `{ cause: ${error} }`
  look.report({
    node: made,
    messageId: 'cause',
    data: { name: error },
    ...(canAdd &&
      message !== undefined && {
        suggest: [{ messageId: 'addCause', fix: (fixer) => fixer.insertTextAfter(message, `, ${cause}`) }],
      }),
  })
}

/** Those of the language, and Nest's HTTP exceptions: `(message, { cause })`. */
function takesCause({ callee }: MadeError, { sourceCode }: Looking): boolean {
  if (callee.type !== 'Identifier') return false
  const variable = variableOf(sourceCode, callee)
  if (variable === undefined) return isLanguageError(callee.name)
  return importOf(variable)?.source === '@nestjs/common' && callee.name !== 'HttpException'
}
