import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { keyTable } from './keys.js'
import { limits } from './limits.js'
import { shapes } from './shapes.fixture.js'
import { cloudKeys } from './tokens.js'

const file = new URL('../../../../docs/redaction.md', import.meta.url)

const code = (text: string): string =>
  (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``).replaceAll('|', '\\|')
const list = (texts: readonly string[]): string => texts.map(code).join(' ')

/** A table as the formatter aligns it. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const lines = rows.map((row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`)
  lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`)
  return lines.join('\n')
}

const parts: Record<string, string> = {
  keys: [
    'A key is split into words at `_`, `-`, `.`, spaces, humps (`apiKey`, `APIKey`) and digits.',
    `It is secret when one of its words is, also in the plural,\n\n${list(keyTable.words)}`,
    `when two neighbouring words are\n\n${list(keyTable.pairs)}`,
    `or when the key without its separators contains\n\n${list(keyTable.contained)}`,
    `These pass, one word in any key and several as a whole key:\n\n${list(keyTable.passing)}`,
  ].join('\n\n'),
  shapes: table([
    ['what', 'given', 'written'],
    ...shapes.map(({ name, example, shown }) => [name, code(example), code(shown)]),
  ]),
  'cloud keys': `${cloudKeys.map(([name]) => name).join(' · ')}.`,
  limits: table([
    ['limit', 'value'],
    ...Object.entries(limits).map(([name, value]) => [code(name), value.toLocaleString('en-US')]),
  ]),
}

test('docs/redaction.md says what the tables say (UPDATE_DOCS=1 writes it)', () => {
  const given = readFileSync(file, 'utf8')
  let due = given
  for (const [name, text] of Object.entries(parts)) {
    const part = new RegExp(`(<!-- generated: ${name} -->\n)[^]*?(<!-- end -->)`)
    expect(due).toMatch(part)
    due = due.replace(part, (_all, begin: string, end: string) => `${begin}\n${text}\n\n${end}`)
  }
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, due)
  else expect(given).toBe(due)
})
