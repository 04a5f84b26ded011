import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { meansTheSame, variableNamed } from '../ast/bindings.js'
import type { Handler } from '../ast/caught.js'
import { isError } from '../ast/errors.js'
import type { Node } from '../ast/nodes.js'
import { hasComments, isParenthesised } from '../ast/parentheses.js'
import { textIn } from '../ast/texts.js'
import { keyOf } from './message.js'

/** Whether the property of a log call that has an error's text, and nothing besides, can have the error itself under a key. */
export function canBeWhole(
  property: Node | undefined,
  value: Node,
  error: Node,
  key: string,
  call: TSESTree.CallExpression,
  sourceCode: TSESLint.SourceCode,
): property is TSESTree.Property {
  if (property?.type !== 'Property' || error.type !== 'Identifier' || !isTextAlone(value)) return false
  const { parent: object } = property
  // The serialisers see what is at the top.
  if (object.type !== 'ObjectExpression' || object.parent !== call) return false
  return (
    isError(error, sourceCode) &&
    meansTheSame(error, property, sourceCode) &&
    !hasComments(property, sourceCode) &&
    object.properties.every((each) => each === property || each.type !== 'Property' || keyOf(each) !== key)
  )
}

/** Not `failed for ${id}: ${error.message}`. */
function isTextAlone(value: Node): boolean {
  const text = textIn(value)
  return text === undefined || (text.holes.length === 1 && !/\w/.test(text.texts.join('')))
}

/** Whether a new error that has a message can be given the error of a handler behind it, by the name it has there. */
export function canTakeCause(
  { arguments: [message, ...others], ...made }: TSESTree.NewExpression | TSESTree.CallExpression,
  { node, error }: Handler,
  sourceCode: TSESLint.SourceCode,
): boolean {
  if (message === undefined || others.length > 0 || message.type === 'SpreadElement') return false
  if (error === undefined || isParenthesised(message, sourceCode)) return false
  return variableNamed(error, made.callee, sourceCode)?.defs[0]?.node === node
}
