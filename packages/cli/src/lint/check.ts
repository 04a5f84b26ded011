import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Terminal } from '../command.js'
import { compare, type Comparison } from './baseline/compare.js'
import { entriesOf, total, type Entry } from './baseline/entry.js'
import { readBaseline, readFormer, writeBaseline } from './baseline/file.js'
import { placeOf, type Place } from './baseline/place.js'
import type { Linted } from './finding.js'
import { help } from './help.js'
import { findHost } from './hosts/find.js'
import { installed } from './hosts/installed.js'
import { pluginName, rulesIn } from './hosts/plugin.js'
import { run } from './hosts/run.js'
import { NoVerdict } from './no-verdict.js'
import { isIn, namedFrom } from './part.js'
import { defaultBaseline, readOptions, type LintCall } from './options.js'
import { jsonReport } from './report/json.js'
import { number, textReport } from './report/text.js'
import type { Verdict } from './report/verdict.js'
import { judged } from './suppressions/judged.js'

/** Runs `telltale lint` in a folder and gives the exit code: 1 where something is new, 2 where that can't be told. */
export async function check(args: readonly string[], terminal: Terminal, folder: string): Promise<number> {
  const call = readOptions(args)
  if (call === 'help') {
    terminal.stdout.write(help)
    return 0
  }
  try {
    return await judge(call, terminal, folder)
  } catch (error) {
    // What nobody foresaw is no verdict either: exit code 1 would say that something is new.
    const { message, stack = message } = error as Error
    terminal.stderr.write(`telltale lint: ${error instanceof NoVerdict ? message : stack}\n`)
    return 2
  }
}

async function judge(call: LintCall, { stdout, stderr }: Terminal, folder: string): Promise<number> {
  const place = placeOf(folder, call.isNamed ? call.baseline : undefined)
  if (call.task === 'record' && place.part !== '') throw hasOneAbove(place, folder)
  const baseline = call.task === 'record' ? undefined : readBaseline(folder, place.path)
  const former = call.task === 'record' ? readFormer(folder, place.path) : baseline
  if (baseline === undefined && call.task !== 'record' && (call.isNamed || call.task === 'prune'))
    throw new NoVerdict(
      `there is no ${place.path} in ${folder}. Record what is there: telltale lint --baseline ${place.path}`,
    )
  const found = findHost(folder, call.host)
  const plugin = installed(pluginName, folder)?.version
  const linted = namedFrom(place.part, await run(found, call, folder, plugin !== undefined))
  const { findings, suppressed, idle } = judged(linted, place.folder, await rulesIn(folder))
  const version = plugin ?? 'unknown'

  if (call.task === 'record') {
    refuse(linted, 'recorded')
    const entries = entriesOf(findings.map(({ key }) => key))
    writeBaseline(folder, place.path, { plugin: version, entries })
    stderr.write(`telltale lint: ${recorded(place.path, entries, former?.entries)}\n`)
    if (call.json) stdout.write(`${JSON.stringify({ format: 1, recorded: total(entries) })}\n`)
    return 0
  }
  const looked = new Set(linted.files)
  const unparsed = new Set(linted.unparsed.map(({ file }) => file))
  const comparison = compare(baseline?.entries ?? [], {
    findings,
    sameWords: baseline?.plugin === version,
    stateOf: (file) => {
      if (unparsed.has(file)) return 'unknown'
      if (looked.has(file)) return 'linted'
      if (call.paths.length > 0 || !isIn(place.part, file)) return 'unknown'
      return existsSync(join(place.folder, file)) ? 'unlinted' : 'gone'
    },
  })
  const verdict: Verdict = {
    host: { name: found.host.title, version: found.installed.version },
    plugin: version,
    files: linted.files.length,
    baseline: baseline && {
      file: place.path,
      recorded: total(baseline.entries),
      plugin: baseline.plugin,
      isNamed: call.isNamed,
      part: place.part,
    },
    comparison,
    isPruned: call.task === 'prune',
    failing: comparison.fresh.filter(({ severity }) => severity === 'error' || !call.errorsOnly),
    suppressed,
    idle,
    bulk: linted.bulk,
    unparsed: linted.unparsed,
  }
  if (call.task === 'prune') {
    refuse(linted, 'pruned')
    // Of a new version's words and those of what nobody looked at, a baseline can have but one: the looser comparison.
    const words = comparison.unseen > 0 ? (baseline?.plugin ?? version) : version
    writeBaseline(folder, place.path, { plugin: words, entries: comparison.pruned })
    stderr.write(
      `telltale lint: ${recorded(place.path, comparison.pruned, baseline?.entries)} What is new is not in it.${kept(comparison)}\n`,
    )
  }
  const code = exitCode(verdict)
  stdout.write(call.json ? jsonReport(verdict, code) : textReport(verdict))
  return code
}

function exitCode({ failing, unparsed }: Verdict): number {
  if (unparsed.length > 0) return 2
  return failing.length > 0 ? 1 : 0
}

/** A baseline without what is in such a file would let it in as new later, or lose it. */
function refuse({ unparsed }: Linted, done: string): void {
  const [first] = unparsed
  if (first === undefined) return
  const more = new Set(unparsed.map(({ file }) => file)).size - 1
  const others = more === 0 ? '' : `, and ${number(more, 'more file')}`
  throw new NoVerdict(
    `nothing was ${done}: ${first.file}:${first.line} can't be linted (${first.message})${others}. Mend it, or have the host ignore it.`,
  )
}

function hasOneAbove({ path, part }: Place, folder: string): NoVerdict {
  return new NoVerdict(
    `${path} holds what is known of ${part}, so nothing was recorded. Record it where that is: cd ${dirname(path)}, and telltale lint --baseline. For a baseline of ${folder} alone: telltale lint --baseline ${defaultBaseline}`,
  )
}

function kept({ unlinted }: Comparison): string {
  const count = total(unlinted)
  return count === 0
    ? ''
    : ` ${number(count, 'finding')} of files that are there and not linted ${count === 1 ? 'stays' : 'stay'}.`
}

function recorded(file: string, entries: readonly Entry[], former: readonly Entry[] | undefined): string {
  const [now, before] = [total(entries), total(former ?? [])]
  const files = new Set(entries.map((entry) => entry.file)).size
  const change = former === undefined ? '' : `, ${difference(now - before)}`
  return `${file} has ${number(now, 'finding')} in ${number(files, 'file')}${change}.`
}

function difference(count: number): string {
  if (count === 0) return 'as many as before'
  return count > 0 ? `${count} more than before` : `${-count} fewer than before`
}
