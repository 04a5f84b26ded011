import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { isError, textOfError } from '../ast/errors.js'
import { tailOf } from '../ast/names.js'
import { bare, type Node, within } from '../ast/nodes.js'
import { textIn } from '../ast/texts.js'

/** How a call tells an error: whole, or its text alone; `value` is the part of an argument that has it. */
export type ToldError =
  { readonly how: 'whole' } | { readonly how: 'text'; readonly error: Node; readonly value: Node }

/** What a call tells of an error, whole where one of its arguments is so; undefined where there is none. */
export function errorToldBy(
  call: TSESTree.CallExpression,
  sourceCode: TSESLint.SourceCode,
): ToldError | undefined {
  let text: ToldError | undefined
  for (const value of valuesOf(call.arguments)) {
    const isText = isFormatted(value, call)
    if (!isText && isWhole(value, sourceCode)) return { how: 'whole' }
    const error =
      isText && isError(value, sourceCode)
        ? bare(value)
        : (textOfError(value, sourceCode) ?? answeredError(value, sourceCode))
    if (error !== undefined) text ??= { how: 'text', error, value }
  }
  return text
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
function isFormatted(value: Node, { arguments: [first, ...rest] }: TSESTree.CallExpression): boolean {
  const text = first === undefined ? undefined : textIn(first)
  if (text === undefined) return false
  const placeholders = text.texts.join('').match(/%[sdifjoOc]/g) ?? []
  return /^%[sdij]$/.test(placeholders[rest.indexOf(value as TSESTree.CallExpressionArgument)] ?? '')
}
