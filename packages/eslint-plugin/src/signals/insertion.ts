import type { TSESLint } from '@typescript-eslint/utils'
import type { Node } from '../ast/nodes.js'
import { oncePerFile } from '../ast/once.js'

/** The edit that puts a call before a statement, in braces of its own where there are none. */
export function callBefore(
  statement: Node,
  call: string,
  sourceCode: TSESLint.SourceCode,
): (fixer: TSESLint.RuleFixer) => TSESLint.RuleFix {
  const end = sourceCode.getText(statement).endsWith(';') ? ';' : ''
  const { parent } = statement
  if (parent?.type === 'BlockStatement' || parent?.type === 'SwitchCase') {
    const indent = indentOf(statement, sourceCode)
    const isFirst = /^\s*$/.test(lineOf(statement, sourceCode).slice(0, statement.loc.start.column))
    return (fixer) => fixer.insertTextBefore(statement, isFirst ? `${call}${end}\n${indent}` : `${call}; `)
  }
  const indent = indentOf(parent ?? statement, sourceCode)
  const inner = indent + unitOf(sourceCode)
  const text = sourceCode.getText(statement)
  return (fixer) => fixer.replaceText(statement, `{\n${inner}${call}${end}\n${inner}${text}\n${indent}}`)
}

/** The edit that puts a call at the beginning of a block. */
export function callFirst(
  block: Node,
  call: string,
  sourceCode: TSESLint.SourceCode,
): { readonly at: number; readonly text: string } {
  const indent = indentOf(block, sourceCode)
  const inner = indent + unitOf(sourceCode)
  const at = block.range[0] + 1
  const text = sourceCode.getText(block)
  const isEmpty = /^\{\s*\}$/.test(text)
  // { return null }
  if (!isEmpty && !/^\{\s*(?:\n|\/[/*])/.test(text)) return { at, text: ` ${call};` }
  const first = sourceCode.getFirstToken(block, 1)
  const end = usesSemicolons(sourceCode) || goesOn(first) ? ';' : ''
  const isOneLine = block.loc.start.line === block.loc.end.line
  return { at, text: `\n${inner}${call}${end}${isOneLine ? `\n${isEmpty ? indent : inner}` : ''}` }
}

/** The semicolon that a statement ends with, or needs if it is to end with a call. */
export function endOf(statement: Node, sourceCode: TSESLint.SourceCode): string {
  if (sourceCode.getText(statement).endsWith(';')) return ';'
  return goesOn(sourceCode.getTokenAfter(statement)) ? ';' : ''
}

/** Whether a token on the next line would be taken for a part of what stands before it. */
function goesOn(token: { readonly value: string } | null): boolean {
  return token !== null && /^[([`/+\-*.,?]/.test(token.value)
}

const usesSemicolons = oncePerFile((sourceCode) => {
  const first = sourceCode.ast.body.find(({ type }) => /^(?:Import|Variable|Expression)/.test(type))
  return first === undefined ? /;$/m.test(sourceCode.text) : sourceCode.getText(first).endsWith(';')
})

function lineOf(node: Node, { lines }: TSESLint.SourceCode): string {
  return lines[node.loc.start.line - 1] ?? ''
}

function indentOf(node: Node, sourceCode: TSESLint.SourceCode): string {
  return /^\s*/.exec(lineOf(node, sourceCode))?.[0] ?? ''
}

const units = new WeakMap<object, string>()

/** One step to the right, by the first line of the file that has one. */
function unitOf({ ast, lines }: TSESLint.SourceCode): string {
  const unit = units.get(ast) ?? unitIn(lines)
  units.set(ast, unit)
  return unit
}

function unitIn(lines: readonly string[]): string {
  for (const line of lines) {
    const unit = /^(?:\t| {2,8})(?=[^\s*])/.exec(line)?.[0]
    if (unit !== undefined) return unit
  }
  return '  '
}
