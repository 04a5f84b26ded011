import type { TSESLint } from '@typescript-eslint/utils'
import type { Node } from './nodes.js'

/** Whether an argument of a call stands in parentheses of its own, beside which nothing can be put by its range. */
export function isParenthesised(argument: Node, sourceCode: TSESLint.SourceCode): boolean {
  const before = sourceCode.getTokenBefore(argument)
  const after = sourceCode.getTokenAfter(argument)
  return before?.value === '(' && after?.value === ')' && after.range[1] !== argument.parent?.range[1]
}

/** Whether a comment would be lost with a node. */
export function hasComments(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  return sourceCode.getCommentsInside(node).length > 0
}
