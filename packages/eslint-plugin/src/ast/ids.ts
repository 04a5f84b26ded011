import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { isDeclaredInOtherCase, variableNamed } from './bindings.js'
import { pathOf, wordsOf } from './names.js'
import { type Node, throughout } from './nodes.js'
import { runsBefore } from './runs-before.js'

/** An id that can be read at a place. */
export interface Id {
  /** In words: `['order', 'id']`. */
  readonly words: readonly string[]
  /** As it is written: `orderId`, `order.id`. */
  readonly text: string
}

/**
 * The ids that are in scope at a node: names that say so, `orderId`, and parts that have been read whenever the node is reached,
 * `order.id`, so that to read them once more does not throw. `missing` is what may be absent at the node, a guard's test for instance. At most four, the nearest first.
 */
export function idsAt(node: Node, missing: Node | undefined, sourceCode: TSESLint.SourceCode): Id[] {
  const absent = new Set<string>()
  if (missing !== undefined)
    for (const each of throughout(missing)) if (each.type === 'Identifier') absent.add(each.name)
  const ids = new Map<string, Id>()
  const add = (text: string, words: readonly string[]): void => {
    const key = words.join('_')
    if (!ids.has(key)) ids.set(key, { words, text })
  }
  for (
    let scope: TSESLint.Scope.Scope | null = sourceCode.getScope(node);
    scope !== null;
    scope = scope.upper
  ) {
    if (scope.block.type === 'Program') break
    for (const { variable, isId, parts } of withIds(scope)) {
      if (!isThere(variable, node) || absent.has(variable.name)) continue
      if (variableNamed(variable.name, node, sourceCode) !== variable) continue
      if (isId) add(variable.name, wordsOf(variable.name))
      for (const { at, text, words } of parts)
        if (at.range[0] <= node.range[0] && runsBefore(at, node)) add(text, words)
      if (ids.size >= most) break
    }
  }
  return [...ids.values()].slice(0, most)
}

const most = 4

interface Holder {
  readonly variable: TSESLint.Scope.Variable
  readonly isId: boolean
  readonly parts: readonly Part[]
}

interface Part extends Id {
  /** Where it is read. */
  readonly at: Node
}

const holders = new WeakMap<TSESLint.Scope.Scope, readonly Holder[]>()

/** The variables of a scope that are ids or have some, looked for once. */
function withIds(scope: TSESLint.Scope.Scope): readonly Holder[] {
  const known = holders.get(scope)
  if (known !== undefined) return known
  const found = scope.variables
    .map((variable) => ({ variable, isId: isIdName(variable.name), parts: partsOf(variable) }))
    .filter(({ isId, parts }) => isId || parts.length > 0)
  holders.set(scope, found)
  return found
}

function isThere({ defs: [definition] }: TSESLint.Scope.Variable, node: Node): boolean {
  if (definition === undefined || !/^(?:Variable|Parameter)$/.test(definition.type)) return false
  if (definition.name.range[0] > node.range[0]) return false
  const declared: Node = definition.node
  if (isDeclaredInOtherCase(declared, node)) return false
  // In the middle of its own declaration it has no value yet.
  return declared.type !== 'VariableDeclarator' || declared.range[1] <= node.range[0] || isLoopOf(declared)
}

function isLoopOf({ parent }: TSESTree.VariableDeclarator): boolean {
  return parent.parent.type === 'ForOfStatement' || parent.parent.type === 'ForInStatement'
}

/** `order.id`, `job.data.userId`: parts that are read, of what is given a value once. */
function partsOf(variable: TSESLint.Scope.Variable): Part[] {
  const parts: Part[] = []
  if (variable.references.some((each) => each.isWrite() && each.init !== true)) return parts
  for (const { identifier } of variable.references) {
    let whole: Node = identifier
    let isPlain = true
    while (whole.parent?.type === 'MemberExpression' && whole.parent.object === whole) {
      whole = whole.parent
      isPlain &&= !whole.computed && !whole.optional && whole.property.type === 'Identifier'
    }
    const path = pathOf(whole)
    const last = path.at(-1) ?? ''
    if (!isPlain || path.length < 2 || !isIdName(last)) continue
    const own = wordsOf(last)
    const holder = wordsOf(path.at(-2) ?? '')
    const words = own.length > 1 ? own : [...holder, ...own]
    parts.push({ text: path.join('.'), words, at: identifier })
  }
  return parts
}

function isIdName(name: string): boolean {
  const last = wordsOf(name).at(-1)
  return last === 'id' || last === 'uuid'
}
