import type { TSESLint } from '@typescript-eslint/utils'
import parser from '@typescript-eslint/parser'
import { Linter } from 'eslint'
import plugin from '../../src/index.js'

/** Code in a language, and what is asked of it. */
export interface Source {
  readonly code: string
  readonly language: 'js' | 'ts' | 'tsx' | 'cjs'
  readonly rules: Readonly<Record<string, unknown>>
  readonly settings?: object | undefined
  readonly filename: string
}

const linter = new Linter()

function verify(source: Source, code: string, rules: object): Linter.LintMessage[] {
  const { language, settings, filename } = source
  const config = {
    files: ['**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}'],
    plugins: { telltale: plugin },
    languageOptions: language.startsWith('ts')
      ? { parser, parserOptions: { ecmaFeatures: { jsx: language === 'tsx' } } }
      : { sourceType: language === 'cjs' ? 'commonjs' : 'module' },
    // Strangers' comments switch rules off, and name some that are not there.
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' },
    rules,
    ...(settings !== undefined && { settings: { telltale: settings } }),
  }
  return linter.verify(code, [config] as unknown as Linter.Config[], { filename })
}

export interface Finds {
  readonly messages: readonly Linter.LintMessage[]
  readonly soundness: Soundness
}

/** What our rules find, and how sound the code is before; throws where it does not parse. */
export function findsIn(source: Source): Finds {
  const messages = verify(source, source.code, { ...sound, ...source.rules })
  const broken = messages.find(({ fatal }) => fatal)
  if (broken !== undefined) throw new Error(`${source.filename}:${broken.line}: ${broken.message}`)
  const isOurs = ({ ruleId }: Linter.LintMessage): boolean => ruleId?.startsWith('telltale/') === true
  return {
    messages: messages.filter(isOurs),
    soundness: soundnessOf(messages.filter((each) => !isOurs(each))),
  }
}

/** A fix or a suggestion of a finding. */
export interface Edit {
  /** Whose it is, in words. */
  readonly of: string
  readonly range: readonly [number, number]
  readonly text: string
}

/** Every fix and every suggestion of every finding. */
export function editsOf(messages: readonly Linter.LintMessage[]): Edit[] {
  return messages.flatMap(({ ruleId, line, fix, suggestions }) => {
    const fixes = fix === undefined ? [] : [{ of: `${line} ${ruleId} fix`, ...fix }]
    return [
      ...fixes,
      ...(suggestions ?? []).map((each) => ({ of: `${line} ${ruleId} suggestion`, ...each.fix })),
    ]
  })
}

/** The code after edits that do not overlap. */
export function withEdits(code: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.range[0] - a.range[0])
    .reduce(
      (text, { range, text: inserted }) => text.slice(0, range[0]) + inserted + text.slice(range[1]),
      code,
    )
}

// What ESLint itself finds in code that does something else than its writer thinks.
const sound = {
  'no-undef': 'error',
  'no-use-before-define': ['error', { functions: false, classes: false, variables: false }],
  'no-dupe-keys': 'error',
  'no-sequences': ['error', { allowInParentheses: false }],
  'no-unreachable': 'error',
  'no-unexpected-multiline': 'error',
  'no-const-assign': 'error',
  'no-redeclare': 'error',
}

interface Soundness {
  /** What is wrong, and how often: a source's own faults are not an edit's. */
  readonly faults: ReadonlyMap<string, number>
  readonly comments: string
  /** The kinds of quotes that it has. */
  readonly quotes: ReadonlySet<string>
}

/** Of the code that was verified last. */
function soundnessOf(messages: readonly Linter.LintMessage[]): Soundness {
  const faults = new Map<string, number>()
  const add = (fault: string): unknown => faults.set(fault, (faults.get(fault) ?? 0) + 1)
  for (const { fatal, message, line } of messages)
    add(fatal === true ? `line ${line} does not parse: ${message}` : message)
  if (messages.some(({ fatal }) => fatal)) return { faults, comments: '', quotes: new Set() }
  const sourceCode = linter.getSourceCode() as unknown as TSESLint.SourceCode
  for (const name of typesAsValues(sourceCode)) add(`'${name}' is a type.`)
  const { tokens, comments } = sourceCode.ast
  const strings = (tokens ?? []).filter(({ type }) => type === 'String').map(({ value }) => value)
  // A string may have the other quotes for what is in it.
  const plain = strings.filter((text) => !/['"]/.test(text.slice(1, -1)))
  return {
    faults,
    comments: (comments ?? []).map(({ value }) => value).join('\0'),
    quotes: new Set(plain.map((text) => text.charAt(0))),
  }
}

/** The names that are used as values and stand for types. */
function typesAsValues({ scopeManager }: TSESLint.SourceCode): string[] {
  const isType = ({ node, parent }: TSESLint.Scope.Definition): boolean =>
    [node, parent].some((each) => (each as { importKind?: string } | null)?.importKind === 'type') ||
    /^TS(?:Interface|TypeAlias)/.test(node.type)
  return (scopeManager?.scopes ?? []).flatMap(({ references }) =>
    references.flatMap(({ identifier, resolved, isValueReference }) =>
      isValueReference && resolved?.defs[0] !== undefined && resolved.defs.every(isType)
        ? [String(identifier.name)]
        : [],
    ),
  )
}

/** What edits break, in words; undefined where all is as sound as before. */
function brokenBy(edits: readonly Edit[], source: Source, before: Soundness): string | undefined {
  const after = soundnessOf(verify(source, withEdits(source.code, edits), sound))
  for (const [fault, count] of after.faults) {
    const known = before.faults.get(fault) ?? 0
    // A name that is not declared in the file may be used once more.
    if (count > known && !(known > 0 && fault.endsWith('is not defined.'))) return fault
  }
  if (after.comments !== before.comments) return 'a comment is lost'
  for (const quote of after.quotes)
    if (before.quotes.size === 1 && !before.quotes.has(quote))
      return `its quotes are not the file's: ${quote}`
  return undefined
}

/** Tries every edit of a source, as few times as they overlap, and gives back those that break something. */
export function brokenEditsOf(source: Source, edits: readonly Edit[], before: Soundness): string[] {
  return roundsOf(edits).flatMap((round) => {
    if (brokenBy(round, source, before) === undefined) return []
    const broken = round.flatMap((each) => {
      const why = brokenBy([each], source, before)
      return why === undefined ? [] : [`${source.filename}:${each.of}: ${why}`]
    })
    return broken.length > 0 ? broken : [`${source.filename}: edits that are sound alone`]
  })
}

function roundsOf(edits: readonly Edit[]): Edit[][] {
  const rounds: Edit[][] = []
  for (const edit of edits) {
    const fits = (each: Edit): boolean => each.range[1] < edit.range[0] || edit.range[1] < each.range[0]
    const round = rounds.find((given) => given.every(fits))
    if (round === undefined) rounds.push([edit])
    else round.push(edit)
  }
  return rounds
}
