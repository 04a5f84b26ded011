import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { idsAt } from '../ast/ids.js'
import { camelCase, wordsOf } from '../ast/names.js'
import { isFunction, type Node, throughout } from '../ast/nodes.js'
import { callFirst } from './insertion.js'
import { callOf, objectOf } from './lines.js'
import { type Logger, loggerAt } from './loggers.js'
import { messageOf } from './message.js'
import type { Sight } from './sight.js'
import type { Signal } from './signal.js'
import { nameAround } from './skips.js'

/** An edit: what a range becomes. */
export interface Edit {
  readonly range: readonly [number, number]
  readonly text: string
}

/** The edits that tell the error of a handler, with a logger that is in scope; undefined where none is, or where they would be guesses. */
export function errorTold(
  handler: Node,
  tried: string | undefined,
  told: Signal | undefined,
  sight: Sight,
): readonly Edit[] | undefined {
  const body = handler.type === 'CatchClause' ? handler.body : isFunction(handler) ? handler.body : handler
  const logger = loggerAt(body, sight)
  const binding = logger === undefined ? undefined : bindingOf(handler, sight.sourceCode)
  if (logger === undefined || binding === undefined) return undefined
  const edits =
    told === undefined
      ? newLine(
          body,
          handler,
          callWith(body, tried, binding.name, logger, sight.sourceCode),
          binding.name,
          sight.sourceCode,
        )
      : addedTo(told, binding.name, sight.sourceCode)
  if (edits === undefined) return undefined
  const all = binding.edit === undefined ? edits : [binding.edit, ...edits]
  return [...all].sort((a, b) => a.range[0] - b.range[0])
}

interface Binding {
  readonly name: string
  /** What gives the error a name, where it has none. */
  readonly edit: Edit | undefined
}

function bindingOf(handler: Node, sourceCode: TSESLint.SourceCode): Binding | undefined {
  const param =
    handler.type === 'CatchClause' ? handler.param : isFunction(handler) ? handler.params[0] : undefined
  if (param?.type === 'Identifier') return { name: param.name, edit: undefined }
  if (param != null) return undefined
  const names = new Set<string>()
  for (const each of throughout(handler)) if (each.type === 'Identifier') names.add(each.name)
  const name = ['error', 'err', 'cause'].find((each) => !names.has(each))
  if (name === undefined) return undefined
  if (handler.type === 'CatchClause')
    return { name, edit: { range: [handler.range[0], handler.body.range[0]], text: `catch (${name}) ` } }
  if (!isFunction(handler)) return { name, edit: undefined }
  // () => …, function () { … }
  for (let token = sourceCode.getFirstToken(handler); token != null; token = sourceCode.getTokenAfter(token))
    if (token.value === ')') return { name, edit: { range: [token.range[0], token.range[0]], text: name } }
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
    const { at, text } = callFirst(body, call, sourceCode)
    return [{ range: [at, at], text }]
  }
  // .catch(noop)
  if (body === handler) return [{ range: body.range, text: `(${error}) => ${call}` }]
  const isNothing = body.type === 'Identifier' && body.name === 'undefined'
  if (body.type === 'ObjectExpression') return undefined
  const rest = isNothing ? '' : `; return ${sourceCode.getText(body)}`
  return [{ range: body.range, text: `{ ${call}${rest} }` }]
}

function callWith(
  body: Node,
  tried: string | undefined,
  error: string,
  logger: Logger,
  sourceCode: TSESLint.SourceCode,
): string {
  const name = nameOf(tried ?? nameAround(body) ?? 'work')
  const ids = idsAt(body, undefined, sourceCode).slice(0, 3)
  if (logger.source === 'telltale') {
    const fields = ids.map(({ words, text }) => ({ name: words.join('_'), value: text }))
    const given = fields.length === 0 ? '' : `, ${objectOf(fields)}`
    return `${logger.text}.exception('${[...name, 'failed'].join('_')}', ${error}${given})`
  }
  return callOf(logger, {
    level: 'error',
    text: `${name.join(' ')} failed`,
    fields: [
      { name: 'err', value: error },
      ...ids.map(({ words, text }) => ({ name: camelCase(words), value: text })),
    ],
  })
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
  error: string,
  sourceCode: TSESLint.SourceCode,
): readonly Edit[] | undefined {
  const { call, source, wrapper } = signal
  const message = messageOf(signal)
  if (message === undefined || wrapper !== undefined) return undefined
  const key = source === 'telltale' ? 'error' : 'err'
  const field = key === error ? error : `${key}: ${error}`
  const object = call.arguments.find(
    (each): each is TSESTree.ObjectExpression => each.type === 'ObjectExpression',
  )
  if (object !== undefined) {
    const start = object.range[0] + 1
    return [{ range: [start, start], text: object.properties.length === 0 ? ` ${field} ` : ` ${field},` }]
  }
  const last = call.arguments.at(-1)
  if (last === undefined || call.arguments.length > 2) return undefined
  if (message.form === 'fields, text') {
    const [first] = call.arguments
    const at = first?.range[0] ?? 0
    return first === message.node ? [{ range: [at, at], text: `{ ${field} }, ` }] : undefined
  }
  const end = sourceCode.getTokenAfter(last)?.value === ')' ? last.range[1] : undefined
  if (end === undefined || message.node !== last) return undefined
  const isNamed = source === 'telltale' || source === 'winston' || message.form === 'text, fields'
  return [{ range: [end, end], text: isNamed ? `, { ${field} }` : `, ${error}` }]
}
