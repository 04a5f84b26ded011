import type { TSESLint } from '@typescript-eslint/utils'
import { throughout } from './nodes.js'
import { oncePerFile } from './once.js'

/** A text as a string of the file: in the quotes that most of its strings have. */
export function quoted(text: string, sourceCode: TSESLint.SourceCode): string {
  const isDouble = hasMostlyDouble(sourceCode)
  const escaped = JSON.stringify(text)
  if (isDouble ? !text.includes('"') || text.includes("'") : text.includes("'") && !text.includes('"'))
    return escaped
  return `'${escaped.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

const hasMostlyDouble = oncePerFile(({ ast }) => {
  let difference = 0
  for (const each of throughout(ast)) {
    // <a href="…"> is in double quotes everywhere.
    if (each.type !== 'Literal' || each.parent?.type === 'JSXAttribute') continue
    if (each.raw.startsWith('"')) difference++
    else if (each.raw.startsWith("'")) difference--
  }
  return difference > 0
})
