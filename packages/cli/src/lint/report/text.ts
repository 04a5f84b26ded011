import type { Finding } from '../finding.js'
import { allRules } from '../suppressions/suppressions.js'
import { columns, tally, type Counts, type Tally, type Verdict } from './verdict.js'

const titles: Readonly<Record<keyof Counts, string>> = {
  new: 'new',
  known: 'known',
  gone: 'gone',
  unlinted: 'not linted',
  suppressed: 'suppressed',
  unused: 'unused',
  bulk: 'in bulk',
}

/** So many rarely go at once but by the configuration. */
const manyGone = 10

/** What is new, the ratchet, and what nobody should take for passed. */
export function textReport(verdict: Verdict): string {
  const counts = tally(verdict)
  const parts = [
    listed(verdict.failing),
    verdict.unparsed
      .map(({ file, line, message }) => `${file}:${line}  can't be linted: ${message}\n`)
      .join(''),
    table(counts),
    suppressions(verdict),
    idleOnes(verdict),
    conclusion(verdict, counts),
  ]
  return `${screened(parts.filter((part) => part !== '').join('\n'))}`
}

function listed(findings: readonly Finding[]): string {
  let [text, file] = ['', '']
  // Not Math.max(...), whose arguments have to fit the stack.
  const width = findings.reduce((most, { line, column }) => Math.max(most, `${line}:${column}`.length), 0)
  for (const finding of findings) {
    if (finding.file !== file) text += `${file === '' ? '' : '\n'}${finding.file}\n`
    ;({ file } = finding)
    const place = `${finding.line}:${finding.column}`.padStart(width)
    text += `  ${place}  ${finding.severity.padEnd(7)}  ${finding.message}  ${finding.rule}\n`
  }
  return text
}

function table({ rules, total }: Tally): string {
  const shown = columns.filter((name) => total[name] > 0 || ['new', 'known', 'gone'].includes(name))
  const width = Math.max(...[...rules.keys(), 'total'].map((rule) => rule.length))
  const row = (name: string, cells: readonly string[]) =>
    `${name.padEnd(width)}${cells.map((cell, index) => cell.padStart(Math.max(titles[shown[index]!].length, 5) + 2)).join('')}\n`
  const numbers = (counts: Counts) => shown.map((name) => String(counts[name]))
  return [
    row(
      '',
      shown.map((name) => titles[name]),
    ),
    ...[...rules].map(([rule, counts]) => row(rule, numbers(counts))),
    row('total', numbers(total)),
  ].join('')
}

function suppressions({ suppressed }: Verdict): string {
  if (suppressed.length === 0) return ''
  const lines = suppressed.map(({ file, line, rules, reason }) => {
    const what = rules.join(', ')
    return `  ${file}:${line}  ${what === allRules ? `${what}, ours among them` : what}: ${reason}\n`
  })
  return `Suppressed, with a reason:\n${lines.join('')}`
}

function idleOnes({ idle }: Verdict): string {
  if (idle.length === 0) return ''
  const lines = idle.map(({ file, line, rules, why }) => `  ${file}:${line}  ${rules.join(', ')}: ${why}\n`)
  return `Suppress nothing, and can go:\n${lines.join('')}`
}

function conclusion(verdict: Verdict, { rules, total }: Tally): string {
  const { host, files, baseline, comparison, failing, unparsed, plugin, isPruned } = verdict
  const lines: string[] = []
  for (const [from, to] of comparison.renamed) lines.push(`${from} is ${to} now: its findings stay known.`)
  const prune = `telltale lint --prune${baseline?.isNamed ? ` --against ${baseline.file}` : ''}`
  if (baseline !== undefined && baseline.part !== '')
    lines.push(`Only ${baseline.part} was looked at: files are named from where ${baseline.file} is.`)
  if (baseline !== undefined && baseline.plugin !== plugin && !isPruned)
    lines.push(
      `${baseline.file} was recorded by eslint-plugin-telltale ${baseline.plugin}, this is ${plugin}: messages were not compared. When it is as you want it: ${prune}`,
    )
  if (total.gone > 0 && !isPruned)
    lines.push(`${number(total.gone, 'recorded finding')} gone. Keep it so: ${prune}`)
  for (const [rule, { gone, known, new: fresh }] of rules)
    if (gone >= manyGone && known + fresh === 0)
      lines.push(`Not one finding of ${rule} is left of ${gone}: is the rule still on?`)
  if (total.unlinted > 0)
    lines.push(
      `${number(total.unlinted, 'recorded finding')} in files that are there and not linted: --prune keeps such findings, --baseline does not.`,
    )
  if (unparsed.length > 0)
    lines.push(
      `${number(new Set(unparsed.map(({ file }) => file)).size, 'file')} can't be linted: nobody knows what is in there.`,
    )
  const where = `${number(files, 'file')}, ${host.name} ${host.version}`
  lines.push(`${ending(failing.length, total, baseline !== undefined)} (${where})`)
  if (baseline === undefined && failing.length > 0)
    lines.push(
      'There is no baseline. To fix what is new first and this step by step: telltale lint --baseline',
    )
  return `${lines.join('\n')}\n`
}

function ending(failing: number, total: Counts, hasBaseline: boolean): string {
  const remain = [
    ...(total.known > 0 ? [`${total.known} known`] : []),
    ...(total.suppressed > 0 ? [`${total.suppressed} suppressed`] : []),
    ...(total.unused > 0 ? [number(total.unused, 'unused suppression')] : []),
    ...(total.bulk > 0 ? [`${total.bulk} suppressed in bulk by eslint-suppressions.json`] : []),
    ...(total.new > failing ? [number(total.new - failing, 'new warning')] : []),
  ]
  const rest = remain.length === 0 ? '' : `; still there: ${remain.join(', ')}`
  if (failing === 0) return `Nothing ${hasBaseline ? 'new' : 'found'}${rest}.`
  return `${number(failing, hasBaseline ? 'new finding' : 'finding')}${rest}.`
}

export function number(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** A message or a reason quotes the code, which must not control the terminal. */
function screened(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')
}
