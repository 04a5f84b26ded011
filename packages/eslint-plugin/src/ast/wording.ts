import { pathOf, tailOf, wordsOf } from './names.js'
import { bare, type Node } from './nodes.js'

const few = 7

/** A guard's test in words: `!user?.email` → `['no', 'email']`, `order.status !== 'open'` → `['status', 'not', 'open']`. */
export function wordsOfTest(test: Node): string[] {
  const words = inWords(test)
  return words.length === 0 || words.length > few ? [] : words
}

function inWords(test: Node): string[] {
  const inner = bare(test)
  switch (inner.type) {
    case 'UnaryExpression':
      return inner.operator === '!' ? negated(inner.argument) : []
    case 'LogicalExpression': {
      const [left, right] = [inWords(inner.left), inWords(inner.right)]
      if (left.length === 0 || right.length === 0) return []
      return [...left, inner.operator === '&&' ? 'and' : 'or', ...right]
    }
    case 'BinaryExpression':
      return compared(inner.left, inner.operator, inner.right)
    case 'Identifier':
    case 'MemberExpression':
    case 'CallExpression':
      return nameOf(inner)
    default:
      return []
  }
}

const sizes = /^(?:length|size|count)$/
const general =
  /^(?:has|get|includes|some|every|find|equals|match|test|startsWith|endsWith|indexOf|trim|getTime|valueOf)$/
const asking = /^(?:is|has|are|was|should|can)$/

/** `['email']` of `user.email`, `['expired']` of `isExpired(order)`, `['paid']` of `order.paidAt`. */
function nameOf(node: Node): string[] {
  const path = pathOf(node)
  const last = path.at(-1) ?? ''
  const words = [
    ...wordsOf(sizes.test(last) || (path.length > 1 && general.test(last)) ? (path.at(-2) ?? '') : last),
  ]
  if (words.length > 1 && asking.test(words[0] ?? '')) words.shift()
  if (words.length > 1 && words.at(-1) === 'at') words.pop()
  return words
}

function negated(node: Node): string[] {
  const inner = bare(node)
  const isQuestion =
    inner.type === 'CallExpression' ||
    asking.test(wordsOf(tailOf(inner))[0] ?? '') ||
    /(?:ed|able|At)$/.test(tailOf(inner))
  const words = nameOf(inner)
  return words.length === 0 ? [] : [isQuestion ? 'not' : 'no', ...words]
}

const relations: Readonly<Record<string, string>> = {
  '===': 'is',
  '==': 'is',
  '!==': 'not',
  '!=': 'not',
  '<': 'below',
  '<=': 'at_most',
  '>': 'above',
  '>=': 'at_least',
}

function compared(left: Node, operator: string, right: Node): string[] {
  const relation = relations[operator]
  if (relation === undefined) return []
  const words = nameOf(left)
  if (words.length === 0) return []
  const inner = bare(right)
  if (inner.type === 'Literal') {
    const isNothing = inner.raw === 'null' || (inner.value === 0 && sizes.test(tailOf(left)))
    if (isNothing) return relation === 'is' ? ['no', ...words] : words
    const value = wordsOf(String(inner.value))
    return value.length === 0 ? [] : [...words, ...relation.split('_'), ...value]
  }
  if (inner.type === 'Identifier' && inner.name === 'undefined')
    return relation === 'is' ? ['no', ...words] : words
  const value = nameOf(inner)
  return value.length === 0 ? [] : [...words, ...relation.split('_'), ...value]
}
