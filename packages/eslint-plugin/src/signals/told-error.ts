import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { isError, textOfError } from '../ast/errors.js'
import { tailOf } from '../ast/names.js'
import { bare, type Node, within } from '../ast/nodes.js'
import { textIn } from '../ast/texts.js'
import { lossOf } from './losses.js'
import type { Signal } from './signal.js'

/**
 * How a call tells an error: whole, its text alone, or not at all, where its logger prints nothing of what is given so;
 * `value` is the part of an argument that has it.
 */
export type ToldError =
  | { readonly how: 'whole' }
  | { readonly how: 'text'; readonly error: Node; readonly value: Node }
  | { readonly how: 'lost'; readonly error: Node; readonly value: Node; readonly why: string }

/** What a call tells of an error, whole where one of its arguments is so; undefined where there is none. */
export function errorToldBy(signal: Signal, sourceCode: TSESLint.SourceCode): ToldError | undefined {
  const { call } = signal
  let text: ToldError | undefined
  let lost: ToldError | undefined
  const formatted = formattedBy(call)
  for (const value of valuesOf(call.arguments)) {
    const isText = formatted.has(value)
    if (!isText && isWhole(value, sourceCode)) {
      const why = isError(value, sourceCode) ? lossOf(value, signal, sourceCode) : undefined
      if (why === undefined) return { how: 'whole' }
      lost ??= { how: 'lost', error: bare(value), value, why }
      continue
    }
    const error =
      isText && isError(value, sourceCode)
        ? bare(value)
        : (textOfError(value, sourceCode) ?? answeredError(value, sourceCode))
    if (error !== undefined) text ??= { how: 'text', error, value }
  }
  return lost ?? text
}

/** `{ err: err.body }`, `{ error: error.response?.data }`: called the error, and only what a call was answered with. */
function answeredError(value: Node, sourceCode: TSESLint.SourceCode): Node | undefined {
  const { parent } = value
  if (parent?.type !== 'Property' || !/^(?:body|data)$/.test(tailOf(value))) return undefined
  if (parent.key.type !== 'Identifier' || !/^(?:err|error)$/.test(parent.key.name)) return undefined
  let holder = bare(value)
  while (holder.type === 'MemberExpression') holder = bare(holder.object)
  return isError(holder, sourceCode) ? holder : undefined
}

/** What a call is given, members of its objects included. */
function* valuesOf(nodes: readonly Node[], depth = 0): Generator<Node> {
  for (const each of nodes) {
    const inner = bare(each)
    if (inner.type !== 'ObjectExpression') yield inner.type === 'SpreadElement' ? inner.argument : each
    else if (depth < 3)
      yield* valuesOf(
        inner.properties.map((property) =>
          property.type === 'Property' ? property.value : property.argument,
        ),
        depth + 1,
      )
  }
}

/** The error itself, its stack, what something makes of it, a new error. */
function isWhole(value: Node, sourceCode: TSESLint.SourceCode): boolean {
  if (isError(value, sourceCode)) return true
  const inner = bare(value)
  switch (inner.type) {
    case 'NewExpression':
      return true
    case 'CallExpression':
      return (
        textOfError(inner, sourceCode) === undefined &&
        inner.arguments.some((each) => isError(each, sourceCode))
      )
    default:
      for (const each of within(inner))
        if (tailOf(each) === 'stack' && each.type === 'MemberExpression' && isError(each.object, sourceCode))
          return true
      return false
  }
}

/** `('sent to %s: %s', id, err)`: what such a placeholder stands for becomes text. */
function formattedBy({ arguments: [first, ...rest] }: TSESTree.CallExpression): ReadonlySet<Node> {
  const text = first === undefined || rest.length === 0 ? undefined : textIn(first)
  if (text === undefined) return new Set()
  const placeholders = text.texts.join('').match(/%[sdifjoOc]/g) ?? []
  return new Set(rest.filter((_, index) => /^%[sdij]$/.test(placeholders[index] ?? '')))
}
