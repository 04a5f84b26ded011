import type { TSESTree } from '@typescript-eslint/utils'
import { pathOf, snakeCase } from '../ast/names.js'
import { bare, type Node } from '../ast/nodes.js'
import { hasComments } from '../ast/parentheses.js'
import { isCommand } from '../ast/programs.js'
import { quoted } from '../ast/quotes.js'
import { textIn, varyingIn } from '../ast/texts.js'
import { type Look, rule } from '../rule.js'
import { isComputed, namesIn } from '../signals/event-names.js'
import { type Form, type Message, messageOf } from '../signals/message.js'
import type { Signal } from '../signals/signal.js'
import { unfold } from '../signals/unfold.js'

type Id = 'interpolated' | 'named' | 'dynamic' | 'fields' | 'order' | 'unfold' | 'rename'
type Names = 'telltale' | 'all'

export const structuredEvent = rule({
  question: 'An event has a constant name, and what varies is in its fields.',
  reason: 'What is put into the text can neither be searched, grouped, counted nor redacted.',
  type: 'suggestion',
  messages: {
    interpolated: 'The text varies with {{what}}: keep it constant, and pass that as a field.',
    named: "'{{name}}' is a sentence: an event's name is snake_case, '{{better}}' for instance.",
    dynamic: "The event's name is not constant: name the event here, and pass `{{what}}` as a field.",
    fields: 'The fields are not an object: `{ name: value }` says what the value is.',
    order: 'pino drops an object that comes after the text: pass the fields first.',
    unfold: 'Keep the text constant, and pass the rest as fields.',
    rename: "Call it '{{better}}'.",
  },
  properties: {
    names: {
      description:
        'Whose events must have names in snake_case: those of `telltale` alone, or of `all` loggers.',
      enum: ['telltale', 'all'],
    },
  },
  defaults: { names: 'telltale' as Names },
  fixable: 'code',
  hasSuggestions: true,
  create(look) {
    if (isCommand(look.sourceCode)) return {}
    const found: [Signal, Message][] = []
    return {
      CallExpression(node) {
        const signal = look.signalOf(node)
        const message = signal !== undefined && isStructured(signal) ? messageOf(signal) : undefined
        if (signal !== undefined && message !== undefined) found.push([signal, message])
      },
      'Program:exit'() {
        const formOf = formsIn(found)
        for (const [signal, message] of found)
          check(signal, { ...message, form: message.form ?? formOf(signal) }, look)
      },
    }
  },
})

type Looking = Look<Id, { readonly names: Names }>

const forPeople = new Set(['console', 'debug', 'consola', 'signale', 'npmlog', 'loglevel'])

/** Not the console, not a stream, not a function that is known by its name alone. */
function isStructured({ kind, method, source, call, wrapper, isOwnLog }: Signal): boolean {
  if (wrapper !== undefined) return kind === 'log'
  if (kind !== 'log' || method === 'write' || (source !== undefined && forPeople.has(source))) return false
  return source !== undefined || isOwnLog === true || bare(call.callee).type === 'MemberExpression'
}

/** `logEvent('order_paid', …)`: by its name it is given an event's, not a sentence. */
function isSentenceForEvent({ isOwnLog, method }: Signal, { node, at }: Message): boolean {
  if (isOwnLog !== true || at !== 0 || !/event$/i.test(method)) return false
  return /\S\s+\S/.test(textIn(node)?.texts.join('') ?? '')
}

function check(signal: Signal, message: Message, look: Looking): void {
  const isEvent = signal.source === 'telltale' || look.options.names === 'all'
  if (reportText(signal.call, message, isEvent, look)) return
  if (isEvent || isSentenceForEvent(signal, message)) reportName(message, look)
  reportFields(signal, message, look)
}

/** The form that other calls of the same logger have in this file, where all have the same. */
function formsIn(found: readonly [Signal, Message][]): (signal: Signal) => Form | undefined {
  const holderOf = ({ call }: Signal): string => pathOf(call.callee).slice(0, -1).join('.')
  const forms = new Map<string, Set<Form>>()
  for (const [signal, { form }] of found) {
    if (form === undefined) continue
    const holder = holderOf(signal)
    forms.set(holder, (forms.get(holder) ?? new Set()).add(form))
  }
  return (signal) => {
    const [form, ...others] = forms.get(holderOf(signal)) ?? []
    return others.length === 0 ? form : undefined
  }
}

function reportText(
  call: TSESTree.CallExpression,
  message: Message,
  isEvent: boolean,
  look: Looking,
): boolean {
  const { sourceCode } = look
  const what = varyingIn(message.node, sourceCode)
  if (what === undefined) return false
  const text = textIn(message.node)
  const unfolding = text === undefined ? undefined : unfold(call, message, text, isEvent, sourceCode)
  const edits = unfolding?.edits
  const isFix = unfolding?.isSafe === true && message.isSure && message.form !== 'text, fields'
  look.report({
    node: call,
    messageId: 'interpolated',
    data: { what: `\`${shortened(sourceCode.getText(what))}\`` },
    ...(isFix &&
      edits !== undefined && {
        fix: (fixer) => edits.map(({ range, text }) => fixer.replaceTextRange(range, text)),
      }),
    ...(edits !== undefined &&
      !isFix && {
        suggest: [
          {
            messageId: 'unfold',
            fix: (fixer) => edits.map(({ range, text }) => fixer.replaceTextRange(range, text)),
          },
        ],
      }),
  })
  return true
}

function reportName({ node }: Message, look: Looking): void {
  for (const each of namesIn(node)) {
    const name = textIn(each)
    if (name === undefined || name.holes.length > 0) {
      if (isComputed(each, look.sourceCode))
        look.report({
          node: each,
          messageId: 'dynamic',
          data: { what: shortened(look.sourceCode.getText(each)) },
        })
      continue
    }
    const [text = ''] = name.texts
    const better = snakeCase(text)
    if (/^[a-z][a-z\d]*(?:_[a-z\d]+)*$/.test(text)) continue
    look.report({
      node: each,
      messageId: 'named',
      data: { name: shortened(text), better },
      ...(/^[a-z]/.test(better) &&
        !hasComments(each, look.sourceCode) && {
          suggest: [
            {
              messageId: 'rename',
              data: { better },
              fix: (fixer) => fixer.replaceText(each, quoted(better, look.sourceCode)),
            },
          ],
        }),
    })
  }
}

function reportFields({ call, method, source, wrapper }: Signal, { at, form }: Message, look: Looking): void {
  if (form === 'event, fields' && wrapper === undefined) {
    const fields = call.arguments[method === 'exception' ? 2 : 1]
    if (fields !== undefined && isNoObject(fields)) look.report({ node: call, messageId: 'fields' })
    return
  }
  const [text, after] = call.arguments
  if (source !== 'pino' || at !== 0 || text === undefined || after?.type !== 'ObjectExpression') return
  // With a placeholder it is asked for.
  if (!look.sourceCode.getText(text).includes('%')) look.report({ node: call, messageId: 'order' })
}

function isNoObject(node: Node): boolean {
  const inner = bare(node)
  return inner.type === 'Literal' || textIn(inner) !== undefined || inner.type === 'ArrayExpression'
}

function shortened(text: string): string {
  const line = text.slice(0, 1000).replace(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}
