import type { TSESLint } from '@typescript-eslint/utils'
import { variableOf } from '../ast/bindings.js'
import { bare, isFunction, type Node } from '../ast/nodes.js'
import { constantOf, isFixed, textIn } from '../ast/texts.js'

/** Each of the names that an expression chooses from. */
export function namesIn(node: Node): Node[] {
  const inner = bare(node)
  return inner.type === 'ConditionalExpression'
    ? [...namesIn(inner.consequent), ...namesIn(inner.alternate)]
    : [inner]
}

/** Made of what a call is given: `event.kind`, `nameOf(job)`, a constant that was made so. */
export function isComputed(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  const inner = bare(node)
  if (inner.type === 'CallExpression') return true
  if (inner.type === 'TemplateLiteral' || inner.type === 'BinaryExpression')
    return textIn(inner)?.holes.some((each) => !isFixed(each, sourceCode)) === true
  if (inner.type === 'Identifier') {
    const init = constantOf(inner, sourceCode)
    return init !== undefined && init.type !== 'Identifier' && init.type !== 'MemberExpression'
      ? namesIn(init).some((each) => isComputed(each, sourceCode))
      : false
  }
  if (inner.type !== 'MemberExpression') return false
  const root = rootOf(inner)
  const declared = root.type === 'Identifier' ? variableOf(sourceCode, root)?.defs[0]?.node : undefined
  return declared !== undefined && isFunction(declared)
}

function rootOf(node: Node): Node {
  const inner = bare(node)
  return inner.type === 'MemberExpression' ? rootOf(inner.object) : inner
}
