import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { annotatedType, importOf, initOf, variableOf } from './bindings.js'
import { namesTo } from './carried.js'
import { functionName, pathOf, tailOf, wordsOf } from './names.js'
import { ancestorsOf, isFunction, type Node } from './nodes.js'
import { once } from './once.js'

/** Whether a token is one of a grammar, of a currency or of a container, which is no secret. */
export function isOtherToken(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  const path = namesTo(node)
  return isTraded(path) || isLexical(node, sourceCode) || isOfOthers(path.at(-1) ?? '', node, sourceCode)
}

const others =
  /^(?:tokeni[sz]\w*|\w*[lL]exer|Lexer\w*|lexeme|lex|nextToken|progressToken|CancellationToken|InjectionToken|ethers|viem|web3\w*|solana|\w*erc-?20|uniswap|blockchain|onchain|defi|tokenAddress|tokenSymbol|contractAddress)$/i
const secret = new Set(
  (
    'auth access refresh bearer api reset session csrf xsrf id jwt verification verify confirmation confirm magic invite invitation login ' +
    'user client device push service bot'
  ).split(' '),
)

/** By what the value that goes under a name is given, declared in or used for; what the file speaks of elsewhere says nothing. */
export function isOfOthers(name: string, node: Node, sourceCode: TSESLint.SourceCode): boolean {
  if (!/^(?:tok|token|\w+Token)$/.test(name) || wordsOf(name).some((word) => secret.has(word))) return false
  if (namesTo(node).slice(0, -1).some(isOther)) return true
  const variable = node.type === 'Identifier' ? variableOf(sourceCode, node) : undefined
  if (variable !== undefined) return isGivenByOthers(variable)
  // this.token of a tokenizer
  return pathOf(node)[0] === 'this' && isWithinOther(node)
}

function isOther(name: string): boolean {
  return name.length < 50 && others.test(name)
}

const isGivenByOthers = once((variable: TSESLint.Scope.Variable) => {
  const [definition] = variable.defs
  if (definition === undefined) return false
  if (isOther(annotatedType(definition.name as Node) ?? '')) return true
  const source = importOf(variable)?.source
  if (source !== undefined) return source.split(/[/.]/).some(isOther)
  const init = initOf(variable) ?? loopedOver(definition.node as Node)
  if (init !== undefined && pathOf(init).some(isOther)) return true
  return isWithinOther(definition.name as Node) || variable.references.some(isGivenToOther)
})

/** `for (const token of tokenize(text))` */
function loopedOver(declared: Node): Node | undefined {
  const loop = declared.type === 'VariableDeclarator' ? (declared.parent as Node).parent : undefined
  return loop?.type === 'ForOfStatement' ? loop.right : undefined
}

/** In a class or a function that is called so. */
function isWithinOther(node: Node): boolean {
  for (const each of ancestorsOf(node)) {
    const isClass = each.type === 'ClassDeclaration' || each.type === 'ClassExpression'
    const name = isClass ? each.id?.name : isFunction(each) ? functionName(each) : undefined
    if (name !== undefined && isOther(name)) return true
  }
  return false
}

/** `new ethers.Contract(token, abi)` */
function isGivenToOther({ identifier }: TSESLint.Scope.Reference): boolean {
  const { parent } = identifier as Node
  return (
    (parent?.type === 'CallExpression' || parent?.type === 'NewExpression') &&
    parent.callee !== (identifier as Node) &&
    pathOf(parent.callee).some(isOther)
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
    if (each.type === 'ThrowStatement') {
      if (/unexpected|unterminated|syntax/i.test(sourceCode.getText(each))) return true
      break
    }
  return isReadAsLexical(node, sourceCode)
}

function isReadAsLexical(node: TSESTree.Identifier, sourceCode: TSESLint.SourceCode): boolean {
  const variable = variableOf(sourceCode, node)
  return variable !== undefined && isReadSo(variable)
}

const isReadSo = once((variable: TSESLint.Scope.Variable) =>
  variable.references.some(({ identifier }) => {
    const { parent } = identifier as Node
    if (parent?.type !== 'MemberExpression' || parent.object !== (identifier as Node)) return false
    if (tailOf(parent) === 'type') return parent.parent.type === 'SwitchStatement'
    return /^(?:kind|loc|start|end|range|line|column|pos|lexeme)$/.test(tailOf(parent))
  }),
)
