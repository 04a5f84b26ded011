import type { TSESLint } from '@typescript-eslint/utils'
import { type Settings, settingsOf } from './settings.js'
import { type Signal, signalsIn } from './signals/signal.js'
import type { TSESTree } from '@typescript-eslint/utils'

/** What a rule sees of the file that it looks at. */
export interface Look<Id extends string, Option> {
  readonly sourceCode: TSESLint.SourceCode
  readonly filename: string
  readonly settings: Settings
  readonly options: Option
  /** What a call tells, if anything. */
  signalOf(call: TSESTree.CallExpression): Signal | undefined
  report(problem: TSESLint.ReportDescriptor<Id>): void
}

export interface RuleDefinition<Id extends string, Option extends object> {
  /** What it asks of the code: a sentence that the code should make true. */
  readonly question: string
  /** Why that matters to who is called at night. */
  readonly reason: string
  readonly type: 'problem' | 'suggestion'
  readonly messages: Readonly<Record<Id, string>>
  /** JSON schemas of the options' members, each with what it does in words. */
  readonly properties: Readonly<
    Record<string, { readonly description: string; readonly [keyword: string]: unknown }>
  >
  readonly defaults: Option
  readonly fixable?: 'code'
  readonly hasSuggestions?: true
  create(look: Look<Id, Option>): TSESLint.RuleListener
}

export interface Rule {
  readonly question: string
  readonly reason: string
  readonly meta: object
  create(context: unknown): TSESLint.RuleListener
}

/** A rule for both hosts: it needs the syntax tree, scopes and comments, and imports neither of them. */
export function rule<Id extends string, Option extends object>(definition: RuleDefinition<Id, Option>): Rule {
  const { question, reason, type, messages, properties, defaults, fixable, hasSuggestions } = definition
  return {
    question,
    reason,
    meta: {
      type,
      docs: { description: question },
      schema: [{ type: 'object', properties, additionalProperties: false }],
      defaultOptions: [defaults],
      messages,
      ...(fixable !== undefined && { fixable }),
      ...(hasSuggestions !== undefined && { hasSuggestions }),
    },
    create(given) {
      const context = given as TSESLint.RuleContext<Id, [Partial<Option>?]>
      const { sourceCode, filename } = context
      const settings = settingsOf(context.settings as Readonly<Record<string, unknown>>)
      return definition.create({
        sourceCode,
        filename,
        settings,
        options: { ...defaults, ...context.options[0] },
        signalOf: signalsIn(sourceCode, settings),
        report: (problem) => context.report(problem),
      })
    },
  }
}

/** Code that a rule is shown and tested by. */
export interface Example {
  /** What is to be seen in it, in a few words: the test's name. */
  readonly says: string
  readonly code: string
  /** `ts` where nothing is said. */
  readonly language?: 'js' | 'ts' | 'tsx' | 'cjs'
  readonly options?: object
  readonly settings?: object
  readonly filename?: string
  /** Whether the rule's page shows it. */
  readonly shown?: true
}

export interface InvalidExample extends Example {
  /** The message's id of each finding, with its line where there are several. */
  readonly finds: readonly (string | { readonly id: string; readonly line: number })[]
  /** The code after the fix. */
  readonly fixed?: string
  /** The code after the suggestion of the first finding. */
  readonly suggested?: string
}

export interface Examples {
  readonly valid: readonly Example[]
  readonly invalid: readonly InvalidExample[]
}
