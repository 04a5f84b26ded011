import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { variableOf } from './bindings.js'
import { namesTo } from './carried.js'
import { tailOf } from './names.js'
import { ancestorsOf, type Node } from './nodes.js'

/** Whether a token is one of a grammar, of a currency or of a container, which is no secret. */
export function isOtherToken(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  const path = namesTo(node)
  return speaksOfOthers(path.at(-1) ?? '', sourceCode.text) || isTraded(path) || isLexical(node, sourceCode)
}

const otherTokens =
  /\b(?:tokeni[sz]er\w*|lexer|lexeme|nextToken|progressToken|CancellationToken|ethers|viem|web3|solana|erc-?20|uniswap|blockchain|onchain|defi|tokenAddress|tokenSymbol|contractAddress|InjectionToken)\b/i

/** In a file that speaks of these. */
export function speaksOfOthers(name: string, text: string): boolean {
  return (
    /^(?:tok|token|\w+Token)$/.test(name) &&
    !/auth|access|refresh|bearer|api/i.test(name) &&
    otherTokens.test(text)
  )
}

/** `trade.token`: a coin. */
function isTraded(path: readonly string[]): boolean {
  return (
    path.at(-1) === 'token' &&
    /^(?:trade|pool|position|swap|pair|asset|market|coin|holding)$/.test(path.at(-2) ?? '')
  )
}

/** `token.loc`, `switch (token.type)`, "Unexpected token": one of a grammar. */
function isLexical(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  if (node.type !== 'Identifier' || !/^(?:tok|token|\w+Token)$/.test(node.name)) return false
  for (const each of ancestorsOf(node))
    if (each.type === 'ThrowStatement')
      return (
        /unexpected|unterminated|syntax/i.test(sourceCode.getText(each)) || isReadAsLexical(node, sourceCode)
      )
  return isReadAsLexical(node, sourceCode)
}

function isReadAsLexical(node: TSESTree.Identifier, sourceCode: TSESLint.SourceCode): boolean {
  const variable = variableOf(sourceCode, node)
  if (variable === undefined) return false
  return variable.references.some(({ identifier }) => {
    const { parent } = identifier as Node
    if (parent?.type !== 'MemberExpression' || parent.object !== (identifier as Node)) return false
    if (tailOf(parent) === 'type') return parent.parent.type === 'SwitchStatement'
    return /^(?:kind|loc|start|end|range|line|column|pos|lexeme)$/.test(tailOf(parent))
  })
}
