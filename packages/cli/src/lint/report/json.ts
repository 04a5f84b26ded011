import type { Keyed } from '../baseline/entry.js'
import type { Finding } from '../finding.js'
import { tally, type ComparedWith, type Verdict } from './verdict.js'

/** For machines: its names stay, `format` counts up when one does not. */
export function jsonReport(verdict: Verdict, exitCode: number): string {
  const { host, plugin, files, baseline, comparison, failing, suppressed, idle, bulk, unparsed } = verdict
  const { rules, total } = tally(verdict)
  const told = {
    format: 1,
    exit_code: exitCode,
    host,
    plugin,
    files,
    baseline: baseline === undefined ? null : comparedWith(baseline),
    total,
    rules: Object.fromEntries(rules),
    failing: failing.length,
    new: comparison.fresh.map(plain),
    known: comparison.known.map(plain),
    gone: comparison.gone,
    unlinted: comparison.unlinted,
    renamed: Object.fromEntries(comparison.renamed),
    suppressed: suppressed.map(({ file, line, rules: switchedOff, reason }) => ({
      file,
      line,
      rules: switchedOff,
      reason,
    })),
    unused: idle.map(({ file, line, rules: switchedOff, reason, why }) => ({
      file,
      line,
      rules: switchedOff,
      reason,
      why,
    })),
    bulk: bulk.map(plain),
    unparsed,
  }
  return `${JSON.stringify(told, undefined, 2)}\n`
}

function comparedWith({ file, recorded, plugin }: ComparedWith) {
  return { file, recorded, plugin }
}

function plain({ file, line, column, rule, severity, message }: Finding | Keyed) {
  return { file, line, column, rule, severity, message }
}
