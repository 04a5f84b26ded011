import parser from '@typescript-eslint/parser'
import { Linter } from 'eslint'
import type { RuleId } from '../../src/rules/registry.js'

const log = 'CallExpression[callee.property.name=/^(?:debug|info|log|warn|error|exception|fatal)$/]'
const handler = 'CatchClause, CallExpression[callee.property.name=/^(?:catch|on|then)$/]'
const metric = 'CallExpression[callee.property.name=/^(?:inc|observe|add|set|labels|record|startTimer)$/]'

/** What each rule would look for, were it a selector. */
const selectors: Readonly<Record<RuleId, string>> = {
  'bounded-labels': `${metric} Property, ${metric} TemplateLiteral, ${metric} > MemberExpression, ${metric} > Identifier`,
  'error-with-context': `${handler}, ${log} MemberExpression[property.name=message], NewExpression[callee.name=/Error$/]`,
  'no-console': 'Identifier[name=/^(?:console|log|print|out)$/], Literal[value=/console/]',
  'no-double-report': handler,
  'no-sensitive-fields':
    'Identifier[name=/pass|token|secret|key|user|req|headers|body|env|auth|cookie|session/i], Literal[value=/pass|token|secret|key/i]',
  'no-silent-catch': `${handler}, CallExpression[callee.name=catchError]`,
  'no-silent-return': 'IfStatement ReturnStatement, SwitchCase ReturnStatement, CatchClause ReturnStatement',
  'structured-event': `${log} TemplateLiteral, ${log} BinaryExpression, ${log} Literal[value=/\\s/], ${log} CallExpression, ${log} > Identifier`,
}

const linter = new Linter()

/** Whether a selector alone would find something in the code that a rule leaves alone. */
export function isNaivelyFound(id: RuleId, code: string, language: 'js' | 'ts' | 'tsx' | 'cjs'): boolean {
  const config = {
    files: ['**/*.{mjs,cjs,ts,tsx}'],
    languageOptions: language.startsWith('ts')
      ? { parser, parserOptions: { ecmaFeatures: { jsx: language === 'tsx' } } }
      : { sourceType: language === 'cjs' ? 'commonjs' : 'module' },
    linterOptions: { noInlineConfig: true },
    rules: { 'no-restricted-syntax': ['error', selectors[id]] },
  }
  const filename = `example.${language === 'js' ? 'mjs' : language}`
  return linter.verify(code, [config] as unknown as Linter.Config[], { filename }).length > 0
}
