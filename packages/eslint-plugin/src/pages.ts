import { type Levels, levels, presetNames, presets } from './configs.js'
import type { Example, InvalidExample, Rule } from './rule.js'
import { examples } from './rules/examples.js'
import { type RuleId, rules } from './rules/registry.js'
import type { RuleLevel } from './types.js'

interface Meta {
  readonly fixable?: string
  readonly hasSuggestions?: true
  readonly schema: readonly [{ readonly properties: Readonly<Record<string, Property>> }]
  readonly defaultOptions: readonly [Readonly<Record<string, unknown>>]
}

interface Property {
  readonly description: string
  readonly type?: string
  readonly enum?: readonly string[]
  readonly items?: { readonly type: string }
}

const note = '<!-- Made by scripts/rule-pages.mjs from the rules and their examples. -->'

/** The pages below docs/rules by their file's name, not formatted yet. */
export function pages(): Readonly<Record<string, string>> {
  const ids = (Object.keys(rules) as RuleId[]).toSorted()
  return {
    'README.md': overview(ids),
    ...Object.fromEntries(ids.map((id) => [`${id}.md`, pageOf(id, rules[id])])),
  }
}

function overview(ids: readonly RuleId[]): string {
  const columns = ['recommended', 'strict', ...presetNames] as const
  return lines(
    '# The rules',
    note,
    'How to set them up is in [the README of eslint-plugin-telltale](../../packages/eslint-plugin/README.md).',
    table(
      ['rule', 'what it asks', 'fix'],
      ids.map((id) => [`[\`${id}\`](${id}.md)`, rules[id].question, fixOf(rules[id].meta as Meta)]),
    ),
    '## Levels',
    'A column that says nothing of a rule leaves it as it is everywhere.',
    table(
      ['rule', ...columns],
      ids.map((id) => [`\`${id}\``, ...columns.map((column) => levelText(levels[id][column]))]),
    ),
    ...presetNames.flatMap((name) => [
      `### In ${name}`,
      `${presets[name].why} By default these are ${presets[name].files.map((each) => `\`${each}\``).join(' and ')}.`,
    ]),
    settings,
  )
}

const settings = `## Settings

All rules know Telltale, pino, winston, bunyan, Nest's \`Logger\`, \`console\`, Sentry, OpenTelemetry, prom-client and more, by what a file imports, by types, and by usual names. What only your service has is said once, in \`settings.telltale\`, and a setting that can't be used is an error that names it:

\`\`\`json
{
  "settings": {
    "telltale": {
      "wrappers": [
        { "name": "audit.record", "kind": "log", "event": 0, "fields": 1 },
        { "name": "notifyOps", "kind": "report" }
      ],
      "effects": ["reconcile"]
    }
  }
}
\`\`\`

| setting             | what it is                                                                              | default |
| ------------------- | --------------------------------------------------------------------------------------- | ------- |
| \`wrappers[].name\`   | the end of a call as it is written: \`audit.record\` is \`this.audit.record(…)\` as well     |         |
| \`wrappers[].kind\`   | what it does with an event: \`log\`, \`report\` (an error, to a tracker), \`metric\` or \`span\` | \`log\`   |
| \`wrappers[].event\`  | the position of the argument that has the event's name, from 0                          | 0       |
| \`wrappers[].fields\` | the position of the argument that has the fields; where nothing is said, after the event | 1       |
| \`effects\`           | beginnings of names of functions that do work, for \`no-silent-return\`: \`reconcileTotals\` | none    |

## Where a rule is wrong

Say why, and both hosts leave that line alone:

\`\`\`js
// eslint-disable-next-line telltale/no-silent-return -- the caller counts what is left
\`\`\`

A comment beside an early return that says why it returns is all that \`no-silent-return\` asks, and \`no-silent-catch\` takes one within the \`catch\`.`

function pageOf(id: RuleId, { question, reason, meta }: Rule): string {
  const { valid, invalid } = examples[id]
  const { fixable, hasSuggestions, schema, defaultOptions } = meta as Meta
  const { properties } = schema[0]
  return lines(
    `# ${id}`,
    note,
    `${question} ${reason}`,
    levelsOf(levels[id]),
    ...(fixable !== undefined ? ['Mended by `--fix` where that changes nothing else.'] : []),
    ...(hasSuggestions === true ? ['Has suggestions, which an editor offers.'] : []),
    '## What it finds',
    ...invalid.filter(({ shown }) => shown).flatMap(found),
    '## What it accepts',
    ...valid.filter(({ shown }) => shown).flatMap(shownAs),
    ...(Object.keys(properties).length === 0 ? [] : ['## Options', options(properties, defaultOptions[0])]),
    '[All rules, settings, and how a line is left alone](README.md)',
  )
}

function found(example: InvalidExample): string[] {
  const { fixed, suggested, language } = example
  return [
    ...shownAs(example),
    ...(fixed === undefined ? [] : ['Mended:', block(fixed, language)]),
    ...(suggested === undefined ? [] : ['Suggested:', block(suggested, language)]),
  ]
}

function shownAs({ says, code, language, options: given, settings: declared, filename }: Example): string[] {
  const beside = [
    given === undefined ? [] : [`with \`${JSON.stringify(given)}\``],
    declared === undefined ? [] : [`with \`settings.telltale\` \`${JSON.stringify(declared)}\``],
    filename === undefined ? [] : [`in \`${filename}\``],
  ].flat()
  return [`${capital(says)}${beside.length === 0 ? '' : `, ${beside.join(', ')}`}:`, block(code, language)]
}

// Not `ts`: what an example leaves out would not compile, and these blocks are linted in the tests.
const languages = { js: 'js', cjs: 'js', ts: 'tsx', tsx: 'tsx' }

function block(code: string, language: Example['language'] = 'ts'): string {
  return `\`\`\`${languages[language]}\n${code.trim()}\n\`\`\``
}

function levelsOf(row: Levels): string {
  const softer = presetNames.filter((name) => row[name] !== 'same')
  return [
    `${levelText(row.recommended)} in \`recommended\`, ${levelText(row.strict)} in \`strict\``,
    ...softer.map((name) => `${levelText(row[name])} in ${name}`),
  ]
    .join(', ')
    .replace(/^./, (letter) => letter.toUpperCase())
    .concat('.')
}

function levelText(level: RuleLevel | 'same'): string {
  if (level === 'same') return ''
  const [severity, given] = [level].flat() as [string, object?]
  const word = { error: 'an error', warn: 'a warning', off: 'off' }[severity] ?? severity
  return given === undefined ? word : `${word} with \`${JSON.stringify(given)}\``
}

function fixOf({ fixable, hasSuggestions }: Meta): string {
  return [fixable === undefined ? [] : ['fix'], hasSuggestions === true ? ['suggestion'] : []]
    .flat()
    .join(', ')
}

function options(
  properties: Readonly<Record<string, Property>>,
  defaults: Readonly<Record<string, unknown>>,
): string {
  return table(
    ['option', 'what it does', 'takes', 'default'],
    Object.entries(properties).map(([name, property]) => [
      `\`${name}\``,
      property.description,
      accepted(property),
      `\`${JSON.stringify(defaults[name])}\``,
    ]),
  )
}

function accepted({ type, enum: choices, items }: Property): string {
  if (choices !== undefined) return choices.map((each) => `\`'${each}'\``).join(', ')
  return items === undefined ? (type ?? '') : `${items.type}s`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function lines(...parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`
}
