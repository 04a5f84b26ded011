import type { TSESLint } from '@typescript-eslint/utils'

/** A command-line program, by its first line: what it prints is for who called it. */
export function isCommand(sourceCode: TSESLint.SourceCode): boolean {
  return /^\uFEFF?#!/.test(sourceCode.text)
}
