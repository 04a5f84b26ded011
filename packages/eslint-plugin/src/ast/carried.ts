import type { TSESTree } from '@typescript-eslint/utils'
import { memberName, pathOf, tailOf } from './names.js'
import { bare, isFunction, type Node } from './nodes.js'

/** One value that an expression carries away. */
export interface Carried {
  readonly node: Node
  /** The property that it goes under, where it goes under one. */
  readonly key: string | undefined
  /** It becomes a part of a text: an object would be `[object Object]` there. */
  readonly inText: boolean
  /** It is written out with all that it has: `JSON.stringify(x)`, `{ ...x }`. */
  readonly isSpelledOut: boolean
}

type Way = Omit<Carried, 'node'>

const start: Way = { key: undefined, inText: false, isSpelledOut: false }

/**
 * What is in an argument: the values of its properties and elements, of both branches, of templates, of what is only
 * written out by a call. What is compared, counted, negated or given to any other function is not carried.
 */
export function* carriedIn(node: Node, way: Way = start): Generator<Carried> {
  const inner = bare(node)
  switch (inner.type) {
    case 'ObjectExpression':
      for (const property of inner.properties) {
        if (property.type === 'SpreadElement')
          yield* carriedIn(property.argument, { ...way, isSpelledOut: true })
        else yield* carriedIn(property.value, { ...way, key: keyOf(property) ?? way.key })
      }
      return
    case 'ArrayExpression':
      for (const element of inner.elements) {
        if (element === null) continue
        yield* carriedIn(element.type === 'SpreadElement' ? element.argument : element, way)
      }
      return
    case 'SpreadElement':
      yield* carriedIn(inner.argument, way)
      return
    case 'TemplateLiteral':
      for (const each of inner.expressions) yield* carriedIn(each, { ...way, inText: true })
      return
    case 'BinaryExpression':
      if (inner.operator !== '+') return
      yield* carriedIn(inner.left, { ...way, inText: true })
      yield* carriedIn(inner.right, { ...way, inText: true })
      return
    case 'LogicalExpression':
      if (inner.operator !== '&&') yield* carriedIn(inner.left, way)
      yield* carriedIn(inner.right, way)
      return
    case 'ConditionalExpression':
      yield* carriedIn(inner.consequent, way)
      yield* carriedIn(inner.alternate, way)
      return
    case 'CallExpression':
      yield* carriedByCall(inner, way)
      return
    case 'Identifier':
    case 'MemberExpression':
      yield { ...way, node: inner }
      return
    default:
  }
}

const writers = new Set(
  'JSON.stringify util.inspect inspect util.format format Object.assign Object.fromEntries Object.entries Object.values structuredClone'.split(
    ' ',
  ),
)
const unchanged = /^(?:toString|toJSON|toObject|toLowerCase|toUpperCase|trim|entries|values|lean)$/

/** A call that only writes out what it is given or called on; any other is a value of its own. */
function* carriedByCall(call: TSESTree.CallExpression, way: Way): Generator<Carried> {
  const path = pathOf(call.callee)
  if (writers.has(path.join('.'))) {
    for (const each of call.arguments) yield* carriedIn(each, { ...way, inText: false, isSpelledOut: true })
    return
  }
  const [first] = call.arguments
  if (path.length === 1 && path[0] === 'String' && first !== undefined) {
    yield* carriedIn(first, { ...way, inText: true })
    return
  }
  const callee = bare(call.callee)
  if (callee.type === 'MemberExpression') {
    if (call.arguments.length === 0 && unchanged.test(tailOf(callee))) {
      yield* carriedIn(callee.object, way)
      return
    }
    // rows.map((row) => row.email)
    if (tailOf(callee) === 'map' && first !== undefined && isFunction(first)) {
      if (first.body.type !== 'BlockStatement') yield* carriedIn(first.body, way)
      return
    }
  }
  yield { ...way, node: call }
}

function keyOf({ key, computed }: TSESTree.Property): string | undefined {
  if (key.type === 'Literal') return String(key.value)
  return !computed && key.type === 'Identifier' ? key.name : undefined
}

/** The names on the way to a value, numbers of elements left out: `recipients[0].email` → `['recipients', 'email']`. */
export function namesTo(node: Node): string[] {
  const inner = bare(node)
  if (inner.type === 'MemberExpression' && memberName(inner) === undefined) {
    const { property } = inner
    const isElement = property.type === 'Literal' || property.type === 'UnaryExpression'
    return isElement ? namesTo(inner.object) : [...namesTo(inner.object), '']
  }
  if (inner.type === 'MemberExpression') return [...namesTo(inner.object), memberName(inner) ?? '']
  return pathOf(inner)
}
