import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { variableNamed } from '../ast/bindings.js'
import { type Id, idsAt } from '../ast/ids.js'
import { camelCase, wordsOf } from '../ast/names.js'
import { isFunction, type Node, throughout } from '../ast/nodes.js'
import { isParenthesised } from '../ast/parentheses.js'
import { quoted } from '../ast/quotes.js'
import { callFirst } from './insertion.js'
import { callOf, objectOf } from './lines.js'
import { type Logger, loggerAt } from './loggers.js'
import { asArgument } from './losses-mended.js'
import { type Form, keyOf, messageOf } from './message.js'
import { isReserved } from './reserved.js'
import type { Sight } from './sight.js'
import type { Signal } from './signal.js'
import { nameAround } from './skips.js'

/** An edit: what a range becomes. */
export interface Edit {
  readonly range: readonly [number, number]
  readonly text: string
}

/**
 * The edits that tell the error of a handler, with a logger that is in scope; undefined where none is, or where they would be
 * guesses. A form that is given is for a logger of which none is known.
 */
export function errorTold(
  handler: Node,
  tried: string | undefined,
  told: Signal | undefined,
  sight: Sight,
  form?: Form,
): readonly Edit[] | undefined {
  const { sourceCode } = sight
  const body = handler.type === 'CatchClause' ? handler.body : isFunction(handler) ? handler.body : handler
  const found = loggerAt(body, sight)
  if (form !== undefined && (found?.form !== undefined || told !== undefined)) return undefined
  const logger = found === undefined || form === undefined ? found : { ...found, form }
  const ids = idsAt(body, undefined, sourceCode).slice(0, 3)
  const taken = [logger?.text ?? '', ...ids.map(({ text }) => text)]
  const binding = logger === undefined ? undefined : bindingOf(handler, taken, sourceCode)
  if (logger === undefined || binding === undefined) return undefined
  const edits =
    told === undefined
      ? newLine(
          body,
          handler,
          callWith(body, tried, binding.name, ids, logger, sourceCode),
          binding.name,
          sourceCode,
        )
      : addedTo(told, binding, handler, sourceCode)
  if (edits === undefined) return undefined
  const all = binding.edit === undefined ? edits : [binding.edit, ...edits]
  return [...all].sort((a, b) => a.range[0] - b.range[0])
}

interface Binding {
  readonly name: string
  /** What gives the error a name, where it has none. */
  readonly edit: Edit | undefined
}

/** The name that a handler gives the error, or a new one that stands for nothing that is read there. */
function bindingOf(
  handler: Node,
  taken: readonly string[],
  sourceCode: TSESLint.SourceCode,
): Binding | undefined {
  const param =
    handler.type === 'CatchClause' ? handler.param : isFunction(handler) ? handler.params[0] : undefined
  if (param?.type === 'Identifier')
    return param.name === 'this' ? undefined : { name: param.name, edit: undefined }
  if (param != null) return undefined
  const names = new Set(taken.map((text) => text.replace(/\W.*$/, '')))
  for (const each of throughout(handler)) if (each.type === 'Identifier') names.add(each.name)
  const name = ['error', 'err', 'cause'].find((each) => !names.has(each))
  if (name === undefined) return undefined
  if (handler.type === 'CatchClause') {
    const end = handler.range[0] + 'catch'.length
    return { name, edit: { range: [end, end], text: ` (${name})` } }
  }
  if (!isFunction(handler)) return { name, edit: undefined }
  // () => …, function () { … }
  const start = handler.typeParameters?.range[1] ?? 0
  for (let token = sourceCode.getFirstToken(handler); token != null; token = sourceCode.getTokenAfter(token))
    if (token.value === ')' && token.range[0] >= start)
      return { name, edit: { range: [token.range[0], token.range[0]], text: name } }
  return undefined
}

function newLine(
  body: Node,
  handler: Node,
  call: string,
  error: string,
  sourceCode: TSESLint.SourceCode,
): readonly Edit[] | undefined {
  if (body.type === 'BlockStatement') {
    const [first] = body.body
    if (first?.type === 'ExpressionStatement' && typeof first.directive === 'string') return undefined
    const { at, text } = callFirst(body, call, sourceCode)
    return [{ range: [at, at], text }]
  }
  // .catch(noop)
  if (body === handler) return [{ range: body.range, text: `(${error}) => ${call}` }]
  if (body.type === 'ObjectExpression') return undefined
  const arrow = arrowBefore(body, sourceCode)
  if (arrow === undefined) return undefined
  const range = [arrow.range[1], handler.range[1]] as const
  // In its parentheses, if it has some: () => (a, b)
  const value = sourceCode.text.slice(...range).trim()
  if (/^\/[/*]/.test(value)) return undefined
  const rest = value === 'undefined' ? '' : `; return ${value}`
  return [{ range, text: ` { ${call}${rest} }` }]
}

function arrowBefore(
  body: Node,
  sourceCode: TSESLint.SourceCode,
): { readonly range: Node['range'] } | undefined {
  let token = sourceCode.getTokenBefore(body)
  while (token?.value === '(') token = sourceCode.getTokenBefore(token)
  return token?.value === '=>' ? token : undefined
}

function callWith(
  body: Node,
  tried: string | undefined,
  error: string,
  ids: readonly Id[],
  logger: Logger,
  sourceCode: TSESLint.SourceCode,
): string {
  const name = nameOf(tried ?? nameAround(body) ?? 'work')
  if (logger.source === 'telltale') {
    const fields = ids
      .map(({ words, text }) => ({ name: words.join('_'), value: text }))
      .filter(({ name }) => !isReserved(name))
    const given = fields.length === 0 ? '' : `, ${objectOf(fields)}`
    return `${logger.text}.exception(${quoted([...name, 'failed'].join('_'), sourceCode)}, ${error}${given})`
  }
  return callOf(
    logger,
    {
      level: 'error',
      text: [...name, 'failed'].join(' '),
      fields: [
        { name: 'err', value: error },
        ...ids.map(({ words, text }) => ({ name: camelCase(words), value: text })),
      ],
    },
    sourceCode,
  )
}

/** `this.mailer.send` → `['mailer', 'send']`, `sendReminder` → `['send', 'reminder']`. */
function nameOf(tried: string): readonly string[] {
  const path = tried.split('.').filter((name) => name !== 'this')
  const last = wordsOf(path.at(-1) ?? '')
  return last.length > 1 ? last : [...wordsOf(path.at(-2) ?? ''), ...last]
}

/** The error as a field of the line that is there. */
function addedTo(
  signal: Signal,
  { name: error, edit }: Binding,
  handler: Node,
  sourceCode: TSESLint.SourceCode,
): readonly Edit[] | undefined {
  const { call, source, wrapper, kind } = signal
  const message = messageOf(signal)
  if (message === undefined || wrapper !== undefined || kind !== 'log') return undefined
  // Not where a name of its own hides the error: catch (error) { for (const error of …) log.warn('x') }
  if (edit === undefined && variableNamed(error, call, sourceCode)?.defs[0]?.node !== handler)
    return undefined
  const key = source === 'telltale' ? 'error' : 'err'
  const field = key === error ? error : `${key}: ${error}`
  const object = call.arguments.find(
    (each): each is TSESTree.ObjectExpression => each.type === 'ObjectExpression',
  )
  if (source === 'winston' && object !== undefined)
    return asArgument(call, object, undefined, error, sourceCode)
  if (object !== undefined) return intoObject(object, key, field)
  const last = call.arguments.at(-1)
  if (last === undefined || last.type === 'SpreadElement' || call.arguments.length > 2) return undefined
  if (isParenthesised(last, sourceCode)) return undefined
  if (message.form === 'fields, text') {
    const [first] = call.arguments
    const at = first?.range[0] ?? 0
    return first === message.node ? [{ range: [at, at], text: `{ ${field} }, ` }] : undefined
  }
  const end = sourceCode.getTokenAfter(last)?.value === ')' ? last.range[1] : undefined
  if (end === undefined || message.node !== last) return undefined
  const isNamed = source === 'telltale' || (source !== 'winston' && message.form === 'text, fields')
  return [{ range: [end, end], text: isNamed ? `, { ${field} }` : `, ${error}` }]
}

function intoObject(
  object: TSESTree.ObjectExpression,
  key: string,
  field: string,
): readonly Edit[] | undefined {
  if (object.properties.some((each) => each.type === 'Property' && keyOf(each) === key)) return undefined
  const [last, start] = [object.properties.at(-1), object.range[0] + 1]
  if (last === undefined) return [{ range: [start, start], text: ` ${field} ` }]
  // Behind `...context`, which may have one of that name.
  if (object.properties.some(({ type }) => type === 'SpreadElement'))
    return [{ range: [last.range[1], last.range[1]], text: `, ${field}` }]
  return [{ range: [start, start], text: ` ${field},` }]
}
