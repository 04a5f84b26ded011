import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { initOf, variableOf } from './bindings.js'
import type { Effect } from './effects.js'
import { pathOf, tailOf } from './names.js'
import { bare, type FunctionNode, isFunction, type Node, within } from './nodes.js'
import { once } from './once.js'
import { textIn } from './texts.js'

/** Whether an expression's value comes from something that was awaited, or that a callback brought. */
export function readsFetched(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  for (const each of within(test)) {
    if (each.type === 'AwaitExpression') return true
    if (each.type === 'Identifier' && isRead(each) && isFetched(each, sourceCode, new Set())) return true
  }
  return false
}

function isRead(node: TSESTree.Identifier): boolean {
  const { parent } = node
  return !(parent.type === 'MemberExpression' && parent.property === node && !parent.computed)
}

// From one name to the next: a value that has come further is anyone's.
const furthest = 100

function isFetched(node: TSESTree.Identifier, sourceCode: TSESLint.SourceCode, seen: Set<unknown>): boolean {
  const waiting = [node]
  for (let each = waiting.pop(); each !== undefined && seen.size < furthest; each = waiting.pop()) {
    const variable = variableOf(sourceCode, each)
    if (variable === undefined || seen.has(variable)) continue
    seen.add(variable)
    const { isAwaited, from, firstWritten } = originOf(variable)
    if (isAwaited || firstWritten < each.range[0]) return true
    for (const name of from) waiting.push(name)
  }
  return false
}

interface Came {
  /** It is declared with what was waited for. */
  readonly isAwaited: boolean
  /** The names that it is declared with. */
  readonly from: readonly TSESTree.Identifier[]
  /** Where something that was waited for is written to it for the first time. */
  readonly firstWritten: number
}

const originOf = once((variable: TSESLint.Scope.Variable): Came => {
  const from: TSESTree.Identifier[] = []
  let isAwaited = false
  for (const definition of variable.defs) {
    const declaration: Node = definition.node
    if (declaration.type === 'VariableDeclarator' && declaration.init != null) {
      for (const each of within(declaration.init)) {
        if (each.type === 'AwaitExpression') isAwaited = true
        else if (each.type === 'Identifier' && isRead(each)) from.push(each)
      }
    }
    if (declaration.type === 'VariableDeclarator' && isLoopOverAwaited(declaration)) isAwaited = true
    if (isFunction(declaration) && isContinuation(declaration)) isAwaited = true
  }
  let firstWritten = Number.POSITIVE_INFINITY
  for (const { writeExpr, identifier } of variable.references) {
    if (writeExpr == null || writeExpr.type === 'Identifier' || identifier.range[0] >= firstWritten) continue
    for (const each of within(writeExpr))
      if (each.type === 'AwaitExpression') firstWritten = identifier.range[0]
  }
  return { isAwaited, from, firstWritten }
})

function isLoopOverAwaited(declaration: TSESTree.VariableDeclarator): boolean {
  const loop = declaration.parent.parent
  return loop.type === 'ForOfStatement' && loop.await
}

/** `(error, user) => { … }` and `.then((user) => …)`: what it is given was asked for and came later. */
export function isContinuation(fn: FunctionNode): boolean {
  const { parent } = fn
  if (parent.type !== 'CallExpression' || parent.callee === (fn as Node)) return false
  if (pathOf(parent.callee).at(-1) === 'then') return true
  const [first] = fn.params
  return first?.type === 'Identifier' && /^(?:err|error|e)$/.test(first.name) && fn.params.length > 1
}

/** `BADGES[count]`, `STATUS_BY_CODE[code]`: a table of the program knows of some and not of others. */
export function isNotInTable(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  const inner = bare(test)
  if (inner.type !== 'UnaryExpression' || inner.operator !== '!') return false
  const asked = bare(inner.argument)
  const variable = asked.type === 'Identifier' ? variableOf(sourceCode, asked) : undefined
  const value = variable === undefined ? asked : bare(initOf(variable) ?? asked)
  return value.type === 'MemberExpression' && value.computed && /^[A-Z][A-Z\d_]*$/.test(tailOf(value.object))
}

/** What a variable is given before a place. */
export function valuesOf(variable: TSESLint.Scope.Variable, at: Node): Node[] {
  return variable.references.flatMap(({ writeExpr, identifier }) =>
    writeExpr != null && identifier.range[0] < at.range[0] && isPlainTarget(identifier) ? [writeExpr] : [],
  )
}

function isPlainTarget({ parent }: Node): boolean {
  return parent?.type === 'VariableDeclarator' || parent?.type === 'AssignmentExpression'
}

/** It was looked for where it would have been put: `if (await cases.find(id)) return` before `cases.insert(…)`. */
export function isThereAlready(
  test: Node,
  effects: readonly Effect[],
  sourceCode: TSESLint.SourceCode,
): boolean {
  const inner = bare(test)
  const variable = inner.type === 'Identifier' ? variableOf(sourceCode, inner) : undefined
  const init = variable === undefined ? undefined : initOf(variable)
  const call = init === undefined ? inner : bare(init)
  if (call.type !== 'CallExpression') return false
  const holder = holderOf(call)
  if (holder === '') return false
  const table = tableIn(call, /\bfrom\s+(\w+)/i)
  return effects.some((effect, index) =>
    table === undefined
      ? holder === holderOf(effect.call) &&
        (index === 0 || /^(?:create|insert|add|save|upsert|append)/.test(tailOf(effect.call.callee)))
      : table === tableIn(effect.call, /\binsert\s+into\s+(\w+)/i),
  )
}

function holderOf(call: TSESTree.CallExpression): string {
  return pathOf(call.callee).slice(0, -1).join('.')
}

/** `alert` of `db.one('select * from alert where …')`. */
function tableIn({ arguments: [first] }: TSESTree.CallExpression, clause: RegExp): string | undefined {
  if (first === undefined) return undefined
  const text = textIn(first)?.texts.join(' ')
  return text === undefined ? undefined : clause.exec(text)?.[1]
}

/** `row.course`, but not `data.id`. */
function isPartOfOther({ parent }: TSESTree.Identifier): boolean {
  return parent.type === 'MemberExpression' && tailOf(parent) !== 'id'
}

/** A parameter, or what one was taken apart into: `const [id, secret] = key.split(':')`. */
function isGiven(
  { type, node }: TSESLint.Scope.Definition,
  fn: FunctionNode,
  sourceCode: TSESLint.SourceCode,
): boolean {
  if ((type as string) === 'Parameter') return (node as Node) === fn
  if (node.type !== 'VariableDeclarator' || node.init == null || node.id.type === 'Identifier') return false
  return [...within(node.init)].some(
    (each) =>
      each.type === 'Identifier' &&
      variableOf(sourceCode, each)?.defs.some(
        (of) => (of.type as string) === 'Parameter' && (of.node as Node) === fn,
      ),
  )
}

/** The lookup that a guard asks the answer of, where it is asked for by what the function was given: `users.find(id)`. */
export function isLookedUpByParameter(
  test: Node,
  fn: FunctionNode,
  sourceCode: TSESLint.SourceCode,
): boolean {
  for (const each of within(test)) {
    const variable = each.type === 'Identifier' ? variableOf(sourceCode, each) : undefined
    const init = variable === undefined ? undefined : initOf(variable)
    const call = init === undefined ? undefined : bare(init)
    if (call?.type !== 'CallExpression') continue
    // Of `knex('orders').where({ id }).first()`, too.
    for (const part of within(call)) {
      if (part.type !== 'Identifier' || isPartOfOther(part)) continue
      const given = variableOf(sourceCode, part)
      if (given?.defs.some((definition) => isGiven(definition, fn, sourceCode)) === true) return true
    }
  }
  return false
}
