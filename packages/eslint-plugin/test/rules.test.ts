import parser from '@typescript-eslint/parser'
import { Linter } from 'eslint'
import { describe, expect, test } from 'vitest'
import plugin from '../src/index.js'
import type { Example, InvalidExample } from '../src/rule.js'
import { examples } from '../src/rules/examples.js'
import { type RuleId, rules } from '../src/rules/registry.js'

const extensions = { js: 'mjs', cjs: 'cjs', ts: 'ts', tsx: 'tsx' }

/** The findings of one rule alone. Throws where the code does not parse. */
function findings(
  id: RuleId,
  { code, language = 'ts', options, settings, filename }: Example,
): Linter.LintMessage[] {
  const name = filename ?? `src/example.${extensions[language]}`
  const messages = new Linter().verify(
    code,
    [
      {
        files: ['**/*.{mjs,cjs,ts,tsx}'],
        plugins: { telltale: plugin as never },
        languageOptions: language.startsWith('ts')
          ? { parser, parserOptions: { ecmaFeatures: { jsx: language === 'tsx' } } }
          : { sourceType: language === 'cjs' ? 'commonjs' : 'module' },
        rules: { [`telltale/${id}`]: ['error', ...(options === undefined ? [] : [options])] },
        ...(settings !== undefined && { settings: { telltale: settings } }),
      },
    ] as Linter.Config[],
    { filename: name },
  )
  const broken = messages.find(({ ruleId }) => ruleId !== `telltale/${id}`)
  if (broken !== undefined) throw new Error(`${broken.message} (${broken.line}:${broken.column})`)
  return messages
}

function applied(
  code: string,
  fix: { range: readonly [number, number]; text: string } | undefined,
): string | undefined {
  return fix === undefined ? undefined : code.slice(0, fix.range[0]) + fix.text + code.slice(fix.range[1])
}

function found(messages: readonly Linter.LintMessage[], finds: InvalidExample['finds']): unknown[] {
  return messages.map(({ messageId, line }, index) =>
    typeof finds[index] === 'object' ? { id: messageId, line } : messageId,
  )
}

describe.each(Object.keys(rules) as RuleId[])('%s', (id) => {
  const { valid, invalid } = examples[id]

  test.each(valid)('accepts: $says', (example) => {
    expect(findings(id, example)).toEqual([])
  })

  test.each(invalid)('finds: $says', (example) => {
    const messages = findings(id, example)
    expect(found(messages, example.finds)).toEqual(example.finds)
    const [first] = messages
    expect(applied(example.code, first?.fix)).toBe(example.fixed)
    expect(applied(example.code, first?.suggestions?.[0]?.fix)).toBe(example.suggested)
  })

  test('has examples enough, half of them code that a naive rule would find', () => {
    expect(valid.length + invalid.length).toBeGreaterThanOrEqual(25)
    expect(valid.length).toBeGreaterThanOrEqual(12)
    expect([...valid, ...invalid].filter(({ shown }) => shown).length).toBeGreaterThanOrEqual(4)
  })

  test('asks a question, and gives a reason', () => {
    const { question, reason } = rules[id]
    expect(question).toMatch(/^[A-Z].*\.$/)
    expect(reason).toMatch(/^[A-Z].*\.$/)
  })
})
