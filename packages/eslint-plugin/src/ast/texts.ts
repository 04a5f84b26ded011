import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { initOf, variableOf } from './bindings.js'
import { pathOf } from './names.js'
import { bare, type Node } from './nodes.js'

/** A text that is put together: what is written, with a hole between each two of them. */
export interface Text {
  readonly texts: readonly string[]
  readonly holes: readonly Node[]
}

/** A string as it is written: a literal, a template, texts joined by `+`; undefined for all else. */
export function textIn(node: Node): Text | undefined {
  const inner = bare(node)
  if (inner.type === 'Literal')
    return typeof inner.value === 'string' ? { texts: [inner.value], holes: [] } : undefined
  if (inner.type === 'TemplateLiteral')
    return { texts: inner.quasis.map(({ value }) => value.cooked ?? value.raw), holes: inner.expressions }
  return isSum(inner) ? textOfSum(inner) : undefined
}

type Sum = TSESTree.BinaryExpression

function isSum(node: Node): node is Sum {
  return node.type === 'BinaryExpression' && node.operator === '+'
}

/** Undefined where no term is a text; a part that has none is one hole. No recursion: a sum may have thousands of terms. */
function textOfSum(sum: Sum): Text | undefined {
  const sums: Sum[] = []
  for (const waiting: Node[] = [sum]; waiting.length > 0;) {
    const each = bare(waiting.pop() as Node)
    if (!isSum(each)) continue
    sums.push(each)
    waiting.push(each.left, each.right)
  }
  const withText = new Set<Node>()
  const hasText = (node: Node): boolean => {
    const inner = bare(node)
    return isSum(inner) ? withText.has(inner) : textIn(inner) !== undefined
  }
  // The inner ones come last.
  for (const each of sums.reverse()) if (hasText(each.left) || hasText(each.right)) withText.add(each)
  if (!withText.has(sum)) return undefined
  const texts: string[] = []
  const holes: Node[] = []
  let seam = ''
  for (const waiting: Node[] = [sum]; waiting.length > 0;) {
    const node = waiting.pop() as Node
    const each = bare(node)
    if (isSum(each) && withText.has(each)) {
      waiting.push(each.right, each.left)
      continue
    }
    const text = isSum(each) ? undefined : textIn(each)
    const [start = '', ...others] = text?.texts ?? ['', '']
    const last = others.pop()
    seam += start
    if (last !== undefined) {
      texts.push(seam)
      for (const other of others) texts.push(other)
      seam = last
    }
    for (const each of text?.holes ?? [node]) holes.push(each)
  }
  return { texts: [...texts, seam], holes }
}

/**
 * What a text varies with: a hole of its own, of a constant that it is given by, or what `format('…', x)` puts into it;
 * undefined where it is always the same, or no text.
 */
export function varyingIn(node: Node, sourceCode: TSESLint.SourceCode): Node | undefined {
  const inner = bare(node)
  if (inner.type === 'CallExpression') {
    const [first, second] = inner.arguments
    const isFormat = /^(?:util\.)?(?:format|sprintf)$/.test(pathOf(inner.callee).join('.'))
    return isFormat && first !== undefined && textIn(first) !== undefined ? second : undefined
  }
  const init = inner.type === 'Identifier' ? constantOf(inner, sourceCode) : undefined
  return textIn(init ?? inner)?.holes.find((each) => !isFixed(each, sourceCode))
}

/** The same at each call: a literal, `MAX_SIZE`, `Invoices.name`, a module's constant of a literal. */
export function isFixed(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  const inner = bare(node)
  if (inner.type === 'Literal') return true
  const path = pathOf(inner)
  if (path.some((name) => name === '')) return false
  if (/^[A-Z][A-Z\d_]+$/.test(path.at(-1) ?? '')) return true
  if (inner.type === 'MemberExpression')
    return path.length === 2 && /^[A-Z]/.test(path[0] ?? '') && path[1] === 'name'
  const init = inner.type === 'Identifier' ? constantOf(inner, sourceCode) : undefined
  if (init === undefined) return false
  const text = textIn(init)
  return init.type === 'Literal' || (text !== undefined && text.holes.length === 0)
}

/** What a `const` was given. */
export function constantOf(node: TSESTree.Identifier, sourceCode: TSESLint.SourceCode): Node | undefined {
  const variable = variableOf(sourceCode, node)
  const declaration = variable?.defs[0]?.parent
  if (variable === undefined || declaration?.type !== 'VariableDeclaration' || declaration.kind !== 'const')
    return undefined
  const init = initOf(variable)
  return init === undefined ? undefined : bare(init)
}
