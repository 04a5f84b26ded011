import type { TSESLint } from '@typescript-eslint/utils'
import { throughout } from './nodes.js'

const doubles = new WeakMap<object, boolean>()

/** A text as a string of the file: in the quotes that most of its strings have. */
export function quoted(text: string, { ast }: TSESLint.SourceCode): string {
  const isDouble = doubles.get(ast) ?? hasMostlyDouble(ast)
  doubles.set(ast, isDouble)
  const escaped = JSON.stringify(text)
  if (isDouble ? !text.includes('"') || text.includes("'") : text.includes("'") && !text.includes('"'))
    return escaped
  return `'${escaped.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

function hasMostlyDouble(ast: TSESLint.SourceCode['ast']): boolean {
  let difference = 0
  for (const each of throughout(ast)) {
    // <a href="…"> is in double quotes everywhere.
    if (each.type !== 'Literal' || each.parent?.type === 'JSXAttribute') continue
    if (each.raw.startsWith('"')) difference++
    else if (each.raw.startsWith("'")) difference--
  }
  return difference > 0
}
