import type { TSESTree } from '@typescript-eslint/utils'

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

/** The nodes directly below one, in the order of its keys. Types of both hosts' parsers, known to us or not. */
export function* childrenOf(node: Node): Generator<Node> {
  for (const [key, value] of Object.entries(node)) {
    if (key === 'parent' || typeof value !== 'object' || value === null) continue
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) yield item
    } else if (isNode(value)) yield value
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}

/** The node and all below it, functions inside of it left out. */
export function within(node: Node): Generator<Node> {
  return below(node, (each) => !isFunction(each))
}

/** The node and all below it, what functions inside of it do included. */
export function throughout(node: Node): Generator<Node> {
  return below(node, () => true)
}

// No recursion: a sum of ten thousand strings is as deep as it is long.
function* below(node: Node, isEntered: (node: Node) => boolean): Generator<Node> {
  const waiting = [node]
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    yield each
    const children = [...childrenOf(each)].filter(isEntered)
    for (let index = children.length - 1; index >= 0; index--) waiting.push(children[index] as Node)
  }
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
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'ChainExpression':
      return bare(node.expression)
    case 'AwaitExpression':
      return bare(node.argument)
    default:
      return node
  }
}
