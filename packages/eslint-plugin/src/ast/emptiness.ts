import type { TSESLint } from '@typescript-eslint/utils'
import { isAbsence } from './absence.js'
import { initOf, variableOf } from './bindings.js'
import { pathOf, tailOf, wordsOf } from './names.js'
import { bare, isFunction, type Node } from './nodes.js'
import { isSize } from './values.js'
import { wanted } from './wanted.js'

/** `!rows.length`, `ids.size === 0`, `count === 0`, and these joined by `||`. */
export function isEmptiness(test: Node): boolean {
  const inner = bare(test)
  if (inner.type === 'LogicalExpression')
    return (
      isEmptiness(inner.right) &&
      (isEmptiness(inner.left) || isAbsence(inner.left) || isArrayAsked(inner.left))
    )
  if (inner.type === 'UnaryExpression' && inner.operator === '!') {
    const argument = bare(inner.argument)
    // !digest.sections.some((section) => section.items.length)
    if (argument.type === 'CallExpression' && tailOf(argument.callee) === 'some')
      return argument.arguments.some((each) => isFunction(each) && isSize(each.body))
    return isSize(argument) && !isOfWanted(argument)
  }
  if (inner.type === 'BinaryExpression' && /^(?:===?|<=?|>=?)$/.test(inner.operator)) {
    const { left, right, operator } = inner
    if (right.type !== 'Literal' || !isSize(left) || isOfWanted(left)) return false
    return right.value === 0 ? /^(?:===?|<=)$/.test(operator) : right.value === 1 && operator === '<'
  }
  if (inner.type === 'CallExpression') return /^(?:isEmpty|isNil)$/.test(tailOf(inner.callee))
  return false
}

function isArrayAsked(test: Node): boolean {
  return test.type === 'CallExpression' && tailOf(test.callee) === 'isArray'
}

/** `const certificates = await store.countOf(course)`, asked for `=== 0`. */
export function isCountOfNone(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  const inner = bare(test)
  if (inner.type !== 'BinaryExpression' || !/^===?$/.test(inner.operator)) return false
  if (inner.right.type !== 'Literal' || inner.right.value !== 0 || inner.left.type !== 'Identifier')
    return false
  const variable = variableOf(sourceCode, inner.left)
  const init = variable === undefined ? undefined : initOf(variable)
  return init !== undefined && wordsOf(tailOf(init)).some((word) => /^(?:count|size|total)$/.test(word))
}

/** `recipients.length`: nobody to send it to is more than nothing to do. */
function isOfWanted(size: Node): boolean {
  const [holder = ''] = pathOf(size).slice(-2)
  return wordsOf(holder).some((word) => wanted.has(word))
}
