import { format } from 'prettier'
import { expect, test } from 'vitest'
import { standard } from '../standard.fixture.js'
import { alertRules } from './rules.js'
import type { Rule } from './rule.js'
import { rulesYaml } from './yaml.js'

const rule: Rule = {
  alert: 'Down',
  comment: 'Why.',
  expr: 'a\nand\nb',
  for: '5m',
  severity: 'critical',
  summary: "It's down",
  description: `"{{ $value }}": it's 5 % # of all`,
  runbook: 'https://wiki.example/Down',
}

test('is written as a person would', () => {
  expect(rulesYaml('api', [rule])).toBe(`\
# Made by telltale generate alerts from the metric definitions. Make it anew rather than edit it.
groups:
  - name: api
    rules:
      # Why.
      - alert: Down
        expr: |-
          a
          and
          b
        for: 5m
        labels:
          severity: critical
        annotations:
          summary: "It's down"
          description: '"{{ $value }}": it''s 5 % # of all'
          runbook_url: 'https://wiki.example/Down'
`)
})

test.each([
  ['api', 'api'],
  ['my-api v1.2', 'my-api v1.2'],
  ['yes', "'yes'"],
  ['No', "'No'"],
  ['null', "'null'"],
  ['5', "'5'"],
  ['a: b', "'a: b'"],
  ['a #b', "'a #b'"],
  ['- a', "'- a'"],
  ['*a', "'*a'"],
  ['a\\b', "'a\\b'"],
  ["a'b\\", "'a''b\\'"],
])('the name %s is %s', (name, written) => {
  expect(rulesYaml(name, [])).toContain(`  - name: ${written}\n`)
})

test('a formatter of the repository it is kept in changes nothing', async () => {
  const options = { job: 'a', errorRatio: 0.05, flowFailureRatio: 0.1, runbooks: 'https://wiki.example' }
  const text = rulesYaml('a', alertRules(standard, options).rules)
  expect(await format(text, { parser: 'yaml', singleQuote: true, printWidth: 110 })).toBe(text)
})
