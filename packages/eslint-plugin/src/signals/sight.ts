import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import type { Settings } from '../settings.js'
import type { Signal } from './signal.js'

/** What is known of the file that a statement is in. */
export interface Sight {
  readonly sourceCode: TSESLint.SourceCode
  readonly filename: string
  readonly settings: Settings
  signalOf(call: TSESTree.CallExpression): Signal | undefined
}
