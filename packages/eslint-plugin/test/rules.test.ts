import type { Linter } from 'eslint'
import { describe, expect, test } from 'vitest'
import type { Example, InvalidExample } from '../src/rule.js'
import { examples } from '../src/rules/examples.js'
import { type RuleId, rules } from '../src/rules/registry.js'
import { isNaivelyFound } from './support/naive.js'
import { brokenEditsOf, editsOf, findsIn, type Source } from './support/edits.js'

const extensions = { js: 'mjs', cjs: 'cjs', ts: 'ts', tsx: 'tsx' }

/** An example as a file that one rule alone looks at. */
function sourceOf(id: RuleId, { code, language = 'ts', options, settings, filename }: Example): Source {
  return {
    code,
    language,
    rules: { [`telltale/${id}`]: ['error', ...(options === undefined ? [] : [options])] },
    settings,
    filename: filename ?? `src/example.${extensions[language]}`,
  }
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
    expect(findsIn(sourceOf(id, example)).messages).toEqual([])
  })

  test.each(invalid)('finds: $says', (example) => {
    const source = sourceOf(id, example)
    const { messages, soundness } = findsIn(source)
    expect(found(messages, example.finds)).toEqual(example.finds)
    const [first] = messages
    expect(applied(example.code, first?.fix)).toBe(example.fixed)
    expect(applied(example.code, first?.suggestions?.[0]?.fix)).toBe(example.suggested)
    expect(brokenEditsOf(source, editsOf(messages), soundness)).toEqual([])
  })

  test('has examples enough, a dozen and most of the valid ones code that a naive rule would find', () => {
    expect(valid.length + invalid.length).toBeGreaterThanOrEqual(25)
    const misleading = valid.filter(({ code, language = 'ts' }) => isNaivelyFound(id, code, language))
    expect(misleading.length).toBeGreaterThanOrEqual(Math.max(12, valid.length / 2))
    expect([...valid, ...invalid].filter(({ shown }) => shown).length).toBeGreaterThanOrEqual(4)
  })

  test('asks a question, and gives a reason', () => {
    const { question, reason } = rules[id]
    expect(question).toMatch(/^[A-Z].*\.$/)
    expect(reason).toMatch(/^[A-Z].*\.$/)
  })
})
