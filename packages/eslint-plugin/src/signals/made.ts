import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { initOf, variableOf } from '../ast/bindings.js'
import { tailOf } from '../ast/names.js'
import { bare, type Node } from '../ast/nodes.js'
import { once } from '../ast/once.js'
import { objectOf } from './labels.js'
import { keyOf } from './message.js'
import { fieldOf, known } from './known.js'

/** What this file itself says of how a logger is made. */
export interface Made {
  /** `none` where it is made without any. */
  readonly options: TSESTree.ObjectExpression | 'none'
}

/** How a logger is made, where it is made in this file by options that are all in sight; undefined elsewhere. */
export function madeHere(logger: Node, sourceCode: TSESLint.SourceCode, depth = 0): Made | undefined {
  if (depth > 4) return undefined
  const inner = bare(logger)
  if (inner.type === 'Identifier') {
    const variable = variableOf(sourceCode, inner)
    if (variable === undefined || isWrittenLater(variable)) return undefined
    const init = initOf(variable)
    return init === undefined ? undefined : madeHere(init, sourceCode, depth + 1)
  }
  if (inner.type === 'MemberExpression') {
    const field = fieldOf(inner)
    return field?.type === 'PropertyDefinition' && field.value != null
      ? madeHere(field.value, sourceCode, depth + 1)
      : undefined
  }
  if (inner.type !== 'CallExpression') return undefined
  const callee = bare(inner.callee)
  if (callee.type === 'MemberExpression' && tailOf(callee) === 'child')
    return isPlainChild(inner) ? madeHere(callee.object, sourceCode, depth + 1) : undefined
  return known(callee, sourceCode)?.origin === 'logger factory' ? madeBy(inner, sourceCode) : undefined
}

const isWrittenLater = once(({ references }: TSESLint.Scope.Variable) =>
  references.some((reference) => reference.isWrite() && reference.init !== true),
)

/** `child({ part })`; further options, and bunyan's `serializers`, are no fields. */
function isPlainChild({ arguments: [first, ...others] }: TSESTree.CallExpression): boolean {
  if (first?.type !== 'ObjectExpression' || others.length > 0) return false
  return optionIn(first, 'serializers') === undefined && first.properties.every(isProperty)
}

function madeBy(
  { arguments: [first] }: TSESTree.CallExpression,
  sourceCode: TSESLint.SourceCode,
): Made | undefined {
  if (first === undefined) return { options: 'none' }
  const inner = bare(first)
  const options = inner.type === 'Identifier' ? objectOf(inner, sourceCode) : inner
  if (options?.type !== 'ObjectExpression' || !options.properties.every(isProperty)) return undefined
  return { options }
}

function isProperty(each: Node): boolean {
  return each.type === 'Property' && keyOf(each) !== undefined
}

/** The value of an option, where it is given. */
export function optionIn(options: Made['options'], name: string): Node | undefined {
  if (options === 'none') return undefined
  for (const each of options.properties)
    if (each.type === 'Property' && keyOf(each) === name) return bare(each.value)
  return undefined
}
