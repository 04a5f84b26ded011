import type { TSESTree } from '@typescript-eslint/utils'
import { isAbsence } from './absence.js'
import { functionName, pathOf, tailOf, wordsOf } from './names.js'
import { bare, type FunctionNode, isFunction, type Node, throughout } from './nodes.js'
import { isStopped, stopping } from './held-back.js'

const done = new Set(
  (
    'already existing exists duplicate duplicated processed handled seen sent done finished completed cached cache synced synchronised delivered ' +
    'unchanged same fresh stopped stopping closing shutdown destroyed disposed initialized initialised started connected subscribed registered known ' +
    'visited hit noop inflight pending accepted ok succeeded success ended resolved solved lifted acknowledged hidden'
  ).split(' '),
)
// Said of a name of its own, `const reviewed = …`, these mean that it has been done; of a part they may mean another thing.
const doneBySelf = new Set(
  'taken submitted reviewed notified reminded announced paid cancelled canceled merged applied issued credited held awarded granted joined'.split(
    ' ',
  ),
)

/**
 * It is there already, or it is what it should be: `if (existing)`, `if (order.processedAt)`, `if (next === current)`. A state
 * says so where the function is about that state: `order.shippedAt` in what ships.
 */
export function isDone(test: Node, fn: FunctionNode): boolean {
  const inner = bare(test)
  switch (inner.type) {
    case 'LogicalExpression':
      return inner.operator === '&&'
        ? isDone(inner.left, fn) || isDone(inner.right, fn)
        : isDone(inner.right, fn) &&
            (isDone(inner.left, fn) || (isNothing(inner.left) && !isStopped(inner.right)))
    case 'Identifier':
      return saysDone(inner.name, true) || isNamedBy(inner.name, fn)
    case 'MemberExpression':
      return saysDone(tailOf(inner), false) || isStateOf(tailOf(inner), test, fn)
    case 'CallExpression':
      // seen.has(id), wasSent(order), attempts.some((attempt) => attempt.state === 'submitted')
      return (
        pathOf(inner)
          .slice(-2)
          .some((name) => saysDone(name, true)) ||
        inner.arguments.some(
          (each) => isFunction(each) && each.body.type !== 'BlockStatement' && isDoneOfOne(each.body, fn),
        )
      )
    case 'UnaryExpression':
      // !created, !isNew
      if (
        inner.operator === '!' &&
        /^(?:created|inserted|isNew|isFirst|wasCreated)$/.test(tailOf(inner.argument))
      )
        return true
      // !document.changed('text'), !hasChanged(before, after)
      return (
        inner.operator === '!' &&
        wordsOf(tailOf(inner.argument)).some((word) =>
          /^(?:change|changed|changes|dirty|modified|differs|touched)$/.test(word),
        )
      )
    case 'BinaryExpression':
      return isUnchanged(inner, test, fn) || isCountAbove(inner)
    default:
      return false
  }
}

/** `!order`, `facts.firmware === undefined` */
function isNothing(test: Node): boolean {
  const inner = bare(test)
  return (
    isAbsence(inner) ||
    (inner.type === 'BinaryExpression' &&
      /^===?$/.test(inner.operator) &&
      tailOf(inner.right) === 'undefined')
  )
}

/** `attempts.some((attempt) => attempt.state === 'submitted')` */
function isDoneOfOne(test: Node, fn: FunctionNode): boolean {
  const inner = bare(test)
  if (inner.type === 'BinaryExpression' && inner.right.type === 'Literal')
    return /^===?$/.test(inner.operator) && saysDone(String(inner.right.value), true)
  return isDone(test, fn)
}

/** `left > 0`: others are still there. */
function isCountAbove({ left, right, operator }: TSESTree.BinaryExpression): boolean {
  return (
    operator === '>' &&
    right.type === 'Literal' &&
    right.value === 0 &&
    /^(?:left|remaining|others)$/.test(tailOf(left))
  )
}

/** Whether the function names the state elsewhere: in its own name, in what it calls, sets or writes. */
function isStateOf(state: string, test: Node, fn: FunctionNode): boolean {
  const words = [...wordsOf(state)]
  if (words.at(-1) === 'at') words.pop()
  const stems = words.filter((word) => /(?:ed|en|id|ent)$/.test(word) || words.length === 1).map(stemOf)
  if (stems.length === 0) return false
  if (wordsOf(functionName(fn) ?? '').some((word) => stems.includes(stemOf(word)))) return true
  const named = namedIn(fn)
  return stems.some((stem) =>
    named.get(stem)?.some(({ range }) => range[0] < test.range[0] || range[1] > test.range[1]),
  )
}

const names = new WeakMap<FunctionNode, ReadonlyMap<string, readonly Node[]>>()

/** What names something in a function, by the stems of the words: read once however many states are asked. */
function namedIn(fn: FunctionNode): ReadonlyMap<string, readonly Node[]> {
  const known = names.get(fn)
  if (known !== undefined) return known
  const named = new Map<string, Node[]>()
  for (const each of throughout(fn.body)) {
    for (const word of wordsOf(nameIn(each))) {
      const stem = stemOf(word)
      const nodes = named.get(stem)
      if (nodes === undefined) named.set(stem, [each])
      else nodes.push(each)
    }
  }
  names.set(fn, named)
  return named
}

function nameIn(node: Node): string {
  switch (node.type) {
    case 'CallExpression':
      return tailOf(node.callee)
    case 'Property':
      return 'name' in node.key ? (node.key.name as string) : ''
    case 'AssignmentExpression':
      return tailOf(node.left)
    case 'Literal':
      return typeof node.value === 'string' && /^\w+$/.test(node.value) ? node.value : ''
    default:
      return ''
  }
}

/** `suspended` in `suspend()`. */
function isNamedBy(state: string, fn: FunctionNode): boolean {
  const [first = ''] = wordsOf(functionName(fn) ?? '')
  return first !== '' && wordsOf(state).some((word) => word !== first && stemOf(word) === stemOf(first))
}

function stemOf(word: string): string {
  return word.replace(/(?:l?led|ed|ing|ion|ation|e|s)$/, '').slice(0, 6)
}

function saysDone(name: string, isOwn: boolean): boolean {
  const words = wordsOf(name)
  if (words.some((word) => stopping.has(word))) return false
  return (
    words.some((word) => done.has(word) || (isOwn && doneBySelf.has(word))) ||
    /^(?:isEqual|equals|deepEqual|isDeepStrictEqual|gte)$/.test(name)
  )
}

function isUnchanged({ right, operator }: TSESTree.BinaryExpression, test: Node, fn: FunctionNode): boolean {
  if (!/^===?$/.test(operator)) return false
  if (right.type === 'Literal')
    return (
      typeof right.value === 'string' && (saysDone(right.value, false) || isStateOf(right.value, test, fn))
    )
  // order.status === OrderStatus.Refunded
  if (right.type === 'MemberExpression' && /^[A-Z]/.test(pathOf(right)[0] ?? ''))
    return saysDone(tailOf(right), false) || isStateOf(tailOf(right), test, fn)
  const isNothing = right.type === 'Identifier' && right.name === 'undefined'
  return !isNothing && !(right.type === 'UnaryExpression' && right.argument.type === 'Literal')
}
