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
  // No recursion: a sum of ten thousand strings is as deep as it is long.
  const waiting: Step[] = [[node, way]]
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    const inner = bare(step[0])
    const parts = partsOf(inner, step[1])
    if (parts === undefined) yield { ...step[1], node: inner }
    else for (let at = parts.length - 1; at >= 0; at--) waiting.push(parts[at] as Step)
  }
}

/** An expression, and the way that has led to it. */
type Step = readonly [Node, Way]

/** What an expression is made of, in its order; undefined where it is carried itself. */
function partsOf(inner: Node, way: Way): readonly Step[] | undefined {
  switch (inner.type) {
    case 'ObjectExpression':
      return inner.properties.map((property): Step =>
        property.type === 'SpreadElement'
          ? [property.argument, { ...way, isSpelledOut: true }]
          : [property.value, { ...way, key: keyOf(property) ?? way.key }],
      )
    case 'ArrayExpression':
      return inner.elements.flatMap((each): Step[] => (each === null ? [] : [[each, way]]))
    case 'SpreadElement':
      return [[inner.argument, way]]
    case 'TemplateLiteral':
      return inner.expressions.map((each): Step => [each, { ...way, inText: true }])
    case 'BinaryExpression': {
      const inSum = { ...way, inText: true }
      return inner.operator === '+'
        ? [
            [inner.left, inSum],
            [inner.right, inSum],
          ]
        : []
    }
    case 'LogicalExpression':
      return inner.operator === '&&'
        ? [[inner.right, way]]
        : [
            [inner.left, way],
            [inner.right, way],
          ]
    case 'ConditionalExpression':
      return [
        [inner.consequent, way],
        [inner.alternate, way],
      ]
    case 'CallExpression':
      return partsOfCall(inner, way)
    case 'Identifier':
    case 'MemberExpression':
      return undefined
    default:
      return []
  }
}

const writers = new Set(
  'JSON.stringify util.inspect inspect util.format format Object.assign Object.fromEntries Object.entries Object.values structuredClone'.split(
    ' ',
  ),
)
const unchanged = /^(?:toString|toJSON|toObject|toLowerCase|toUpperCase|trim|entries|values|lean)$/

/** Of a call that only writes out what it is given or called on; any other is a value of its own. */
function partsOfCall(call: TSESTree.CallExpression, way: Way): readonly Step[] | undefined {
  const path = pathOf(call.callee)
  if (writers.has(path.join('.')))
    return call.arguments.map((each): Step => [each, { ...way, inText: false, isSpelledOut: true }])
  const [first] = call.arguments
  if (path.length === 1 && path[0] === 'String' && first !== undefined)
    return [[first, { ...way, inText: true }]]
  const callee = bare(call.callee)
  if (callee.type === 'MemberExpression') {
    if (call.arguments.length === 0 && unchanged.test(tailOf(callee))) return [[callee.object, way]]
    // rows.map((row) => row.email)
    if (tailOf(callee) === 'map' && first !== undefined && isFunction(first))
      return first.body.type === 'BlockStatement' ? [] : [[first.body, way]]
  }
  return undefined
}

function keyOf({ key, computed }: TSESTree.Property): string | undefined {
  if (key.type === 'Literal') return String(key.value)
  return !computed && key.type === 'Identifier' ? key.name : undefined
}

/** The names on the way to a value, numbers of elements left out: `recipients[0].email` → `['recipients', 'email']`. */
export function namesTo(node: Node): string[] {
  const names: string[] = []
  let inner = bare(node)
  for (; inner.type === 'MemberExpression' && names.length < 100; inner = bare(inner.object)) {
    const name = memberName(inner)
    const isElement = inner.property.type === 'Literal' || inner.property.type === 'UnaryExpression'
    if (name !== undefined || !isElement) names.push(name ?? '')
  }
  return [...pathOf(inner), ...names.reverse()]
}
