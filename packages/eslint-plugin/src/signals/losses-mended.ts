import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { tailOf } from '../ast/names.js'
import { bare, type Node } from '../ast/nodes.js'
import { textIn } from '../ast/texts.js'
import { keyOf } from './message.js'
import { errorKeysOf } from './printed.js'
import type { Signal } from './signal.js'

interface Edit {
  readonly range: readonly [number, number]
  readonly text: string
}

/** The edits after which a line has the error that it loses; undefined where they would be guesses. */
export function lossMended(
  signal: Signal,
  value: Node,
  sourceCode: TSESLint.SourceCode,
): readonly Edit[] | undefined {
  const { call, source } = signal
  const property = value.parent
  const object = property?.parent
  const error = sourceCode.getText(value)
  if (call.arguments.some(({ type }) => type === 'SpreadElement')) return undefined
  if (property === call) return source === 'pino' ? fieldFirst(call, value, sourceCode) : undefined
  if (property?.type !== 'Property' && property?.type !== 'SpreadElement') return undefined
  if (object?.type !== 'ObjectExpression') return undefined
  if (source === 'winston') return asArgument(call, object, property, error, sourceCode)
  if (source === 'pino' || (source === 'bunyan' && errorKeysOf(signal, sourceCode)?.has('err') === true))
    return hasKey(object, 'err')
      ? undefined
      : [{ range: property.range, text: error === 'err' ? 'err' : `err: ${error}` }]
  return source === 'bunyan' && object.properties.length === 1 && hasNoComment(object, sourceCode)
    ? [{ range: object.range, text: error }]
    : undefined
}

/** `('text', err)` → `({ err }, 'text')`. */
function fieldFirst(
  call: TSESTree.CallExpression,
  value: Node,
  sourceCode: TSESLint.SourceCode,
): readonly Edit[] | undefined {
  const [text, error, ...others] = call.arguments
  if (text === undefined || error !== value || others.length > 0) return undefined
  if (textIn(text)?.texts.join('').includes('%') !== false) return undefined
  const between = sourceCode.text.slice(text.range[1], error.range[0])
  if (!/^\s*,\s*$/.test(between)) return undefined
  const name = sourceCode.getText(error)
  const field = name === 'err' ? '{ err }' : `{ err: ${name} }`
  return [{ range: [text.range[0], error.range[1]], text: `${field}, ${sourceCode.getText(text)}` }]
}

/** `('text', { err })` → `('text', err)`; further fields go to a child: winston takes an error or fields. */
export function asArgument(
  call: TSESTree.CallExpression,
  object: TSESTree.ObjectExpression,
  property: Node | undefined,
  error: string,
  sourceCode: TSESLint.SourceCode,
): readonly Edit[] | undefined {
  const text = call.arguments[call.arguments.indexOf(object) - 1]
  const callee = bare(call.callee)
  if (text === undefined || call.arguments.at(-1) !== object || !hasNoComment(object, sourceCode))
    return undefined
  if (textIn(text) === undefined || textIn(text)?.texts.join('').includes('%') === true) return undefined
  const own = [{ range: object.range, text: error }]
  const rest = object.properties.filter((each) => each !== property).map((each) => sourceCode.getText(each))
  if (rest.length === 0) return own
  if (callee.type !== 'MemberExpression' || tailOf(callee) === '') return undefined
  const end = callee.object.range[1]
  const child = `.child({ ${rest.join(', ')} })`
  return sourceCode.text.slice(end).trimStart().startsWith('.')
    ? [{ range: [end, end], text: child }, ...own]
    : undefined
}

function hasKey(object: TSESTree.ObjectExpression, key: string): boolean {
  return object.properties.some((each) => each.type === 'Property' && keyOf(each) === key)
}

function hasNoComment(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  return sourceCode.getCommentsInside(node).length === 0
}
