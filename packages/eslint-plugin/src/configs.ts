import type { RuleId } from './rules/registry.js'
import type { RuleLevel } from './types.js'

/** Where a rule is softer than everywhere else; `same` where it is not. */
export interface Levels {
  readonly recommended: RuleLevel
  readonly strict: RuleLevel
  readonly tests: RuleLevel | 'same'
  readonly scripts: RuleLevel | 'same'
  readonly migrations: RuleLevel | 'same'
}

/**
 * Every rule in every config, or the build fails. `recommended` has as errors what can't be got back afterwards: an answer
 * that nobody wrote down, an error that is gone, a secret that is out, a registry that is full. What is only harder to
 * read is a warning.
 */
export const levels: Readonly<Record<RuleId, Levels>> = {
  'no-silent-return': {
    recommended: 'error',
    strict: 'error',
    tests: 'off',
    scripts: 'off',
    migrations: 'off',
  },
  'no-silent-catch': {
    recommended: 'error',
    strict: 'error',
    tests: 'warn',
    scripts: 'same',
    migrations: 'same',
  },
  'error-with-context': {
    recommended: 'error',
    strict: ['error', { ids: true }],
    tests: 'off',
    scripts: 'off',
    migrations: 'same',
  },
  'structured-event': {
    recommended: 'warn',
    strict: 'error',
    tests: 'off',
    scripts: 'off',
    migrations: 'off',
  },
  'no-sensitive-fields': {
    recommended: 'error',
    strict: 'error',
    tests: 'off',
    scripts: 'same',
    migrations: 'same',
  },
  'bounded-labels': {
    recommended: 'error',
    strict: 'error',
    tests: 'off',
    scripts: 'same',
    migrations: 'same',
  },
  'no-double-report': {
    recommended: 'warn',
    strict: 'error',
    tests: 'off',
    scripts: 'off',
    migrations: 'off',
  },
  'no-console': {
    recommended: 'warn',
    strict: 'error',
    tests: 'off',
    scripts: 'off',
    migrations: 'off',
  },
}

export interface Preset {
  /** Patterns that both hosts understand. */
  readonly files: readonly string[]
  readonly why: string
}

const code = '{js,mjs,cjs,jsx,ts,mts,cts,tsx}'

/** What is softer where nobody is called at night, in the order in which it is applied. */
export const presets = {
  tests: {
    // One that ends in `/**` makes no file a file to lint, so that data beside tests stays unread.
    files: [`**/*.{test,spec}.${code}`, '**/{test,tests,__tests__,__mocks__,e2e,fixtures}/**'],
    why: 'Nobody looks for an incident in what a test logs, and its secrets are made up. A swallowed error stays a warning: it makes a test that can not fail.',
  },
  scripts: {
    files: ['**/{scripts,seeds,seeders}/**', `**/*.config.${code}`],
    why: 'Who starts a script sits before it: its output is for a person and its end says the rest. What leaks or is swallowed in continuous integration is leaked and swallowed all the same.',
  },
  migrations: {
    files: ['**/{migrations,migrate}/**'],
    why: 'A migration runs once while somebody watches, and one that finds its work done has nothing to tell. An error that is swallowed leaves half a schema.',
  },
} as const satisfies Readonly<Record<string, Preset>>

export type PresetName = keyof typeof presets

export const presetNames = Object.keys(presets) as PresetName[]

/** The rules of a column, as both hosts write them. */
export function rulesOf(column: keyof Levels): Record<string, RuleLevel> {
  const rules: Record<string, RuleLevel> = {}
  for (const [id, row] of Object.entries(levels)) {
    const level = row[column]
    if (level !== 'same') rules[`telltale/${id}`] = level
  }
  return rules
}
