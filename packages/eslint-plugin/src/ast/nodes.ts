import type { TSESTree } from '@typescript-eslint/utils'
import { childKeysOf } from './child-keys.js'

export type Node = TSESTree.Node
export type FunctionNode =
  TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression

export function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  )
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}

/** The node and all below it, functions inside of it left out. */
export function within(node: Node): Generator<Node> {
  return below(node, false)
}

/** The node and all below it, what functions inside of it do included. */
export function throughout(node: Node): Generator<Node> {
  return below(node, true)
}

// No recursion: a sum of ten thousand strings is as deep as it is long.
function* below(node: Node, entersFunctions: boolean): Generator<Node> {
  const waiting = [node]
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    yield each
    const keys = childKeysOf(each)
    for (let index = keys.length - 1; index >= 0; index--) {
      const value = (each as unknown as Readonly<Record<string, unknown>>)[keys[index] as string]
      if (!Array.isArray(value)) add(value, entersFunctions, waiting)
      else for (let at = value.length - 1; at >= 0; at--) add(value[at], entersFunctions, waiting)
    }
  }
}

function add(value: unknown, isFunctionToo: boolean, waiting: Node[]): void {
  if (isNode(value) && (isFunctionToo || !isFunction(value))) waiting.push(value)
}

/** What holds a node, the nearest first. */
export function* ancestorsOf(node: Node): Generator<Node> {
  for (let each = node.parent; each != null; each = each.parent) yield each
}

/** The function that a node runs in, itself left out. */
export function functionOf(node: Node): FunctionNode | undefined {
  for (const each of ancestorsOf(node)) if (isFunction(each)) return each
  return undefined
}

/** An expression without what changes nothing of its value: types, parentheses, `!`, `?.`, `await`. */
export function bare(node: Node): Node {
  for (let inner = node; ;) {
    switch (inner.type) {
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'ChainExpression':
        inner = inner.expression
        break
      case 'AwaitExpression':
        inner = inner.argument
        break
      default:
        return inner
    }
  }
}
