import type { TSESLint } from '@typescript-eslint/utils'
import { variableOf } from '../ast/bindings.js'
import { bare, isFunction, type Node } from '../ast/nodes.js'
import { constantOf, isFixed, textIn } from '../ast/texts.js'

/** Each of the names that an expression chooses from. */
export function namesIn(node: Node): Node[] {
  const names: Node[] = []
  for (const waiting = [node]; waiting.length > 0;) {
    const inner = bare(waiting.pop() as Node)
    if (inner.type === 'ConditionalExpression') waiting.push(inner.alternate, inner.consequent)
    else names.push(inner)
  }
  return names
}

/** Made of what a call is given: `event.kind`, `nameOf(job)`, a constant that was made so. */
export function isComputed(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  const waiting = [bare(node)]
  // Constants may name each other, or themselves.
  const seen = new Set<Node>()
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    if (seen.size > mostConstants) return false
    if (each.type !== 'Identifier') {
      if (isMade(each, sourceCode)) return true
      continue
    }
    const init = constantOf(each, sourceCode)
    if (init === undefined || init.type === 'Identifier' || init.type === 'MemberExpression') continue
    if (seen.has(init)) continue
    seen.add(init)
    for (const name of namesIn(init)) waiting.push(name)
  }
  return false
}

const mostConstants = 100

function isMade(inner: Node, sourceCode: TSESLint.SourceCode): boolean {
  if (inner.type === 'CallExpression') return true
  if (inner.type === 'TemplateLiteral' || inner.type === 'BinaryExpression')
    return textIn(inner)?.holes.some((each) => !isFixed(each, sourceCode)) === true
  if (inner.type !== 'MemberExpression') return false
  const root = rootOf(inner)
  const declared = root.type === 'Identifier' ? variableOf(sourceCode, root)?.defs[0]?.node : undefined
  return declared !== undefined && isFunction(declared)
}

function rootOf(node: Node): Node {
  let inner = bare(node)
  while (inner.type === 'MemberExpression') inner = bare(inner.object)
  return inner
}
