import { functionName, pathOf, wordsOf } from './names.js'
import type { FunctionNode } from './nodes.js'

const asks = new Set(
  'is has can should may must was were are does did needs wants supports allows matches equals contains exists'.split(
    ' ',
  ),
)
const computes = new Set(
  'parse format to from get build make compute calculate map pick normalize serialize deserialize decode encode extract resolve render describe label guess detect infer present'.split(
    ' ',
  ),
)
const arrayMethods = new Set(
  'map filter find findIndex findLast some every reduce reduceRight sort toSorted flatMap forEach'.split(' '),
)

/** Its answer is a truth value: `isOverdue`, `(x): boolean`, `(x): x is Invoice`. */
export function isPredicate(fn: FunctionNode): boolean {
  const type = fn.returnType?.typeAnnotation.type
  if (type === 'TSBooleanKeyword' || type === 'TSTypePredicate') return true
  const [first = ''] = wordsOf(functionName(fn) ?? '')
  return asks.has(first)
}

/** By its name it makes a value of another one. */
export function isComputation(fn: FunctionNode): boolean {
  const [first = ''] = wordsOf(functionName(fn) ?? '')
  return computes.has(first)
}

/** It keeps what it has fresh: too soon after the last time there is nothing to do. */
export function isRefresh(fn: FunctionNode): boolean {
  const [first = ''] = wordsOf(functionName(fn) ?? '')
  return /^(?:refresh|reload|load|fetch|poll|sync|touch|ensure|flush|clean|cleanup|prune|warm|renew)$/.test(
    first,
  )
}

/** `rows.filter((row) => …)`: what it returns is a part of the expression around it. */
export function isArrayCallback(fn: FunctionNode): boolean {
  const { parent } = fn
  // One that waits works on each of them.
  if (fn.async) return false
  if (parent.type !== 'CallExpression' || parent.callee === (fn as unknown)) return false
  return arrayMethods.has(pathOf(parent.callee).at(-1) ?? '')
}
