import { writeFile } from 'node:fs/promises'
import type { Terminal } from '../command.js'
import { alertRules } from './alerts/rules.js'
import { rulesYaml } from './alerts/yaml.js'
import { makeDashboard } from './dashboard/dashboard.js'
import { help } from './help.js'
import { formatJson } from './json.js'
import type { Metric } from './metric.js'
import { readOptions, type AlertsCall, type DashboardCall } from './options.js'
import { readSource } from './source.js'
import { Unavailable } from './unavailable.js'

const maxNamed = 10

interface Made {
  readonly text: string
  /** What to tell the user beside it. */
  readonly notes: readonly string[]
}

/** Runs `telltale generate` and gives the exit code: 1 where the source can't be had or the output not be written. */
export async function make(args: readonly string[], { stdin, stdout, stderr }: Terminal): Promise<number> {
  const call = readOptions(args)
  if (call === 'help') {
    stdout.write(help)
    return 0
  }
  const note = (text: string) => stderr.write(`telltale generate: ${text}\n`)
  try {
    const metrics = await readSource(call.source, stdin)
    const { text, notes } = call.what === 'dashboard' ? dashboard(metrics, call) : alerts(metrics, call)
    if (call.output === undefined) stdout.write(text)
    else await save(call.output, text)
    for (const one of notes) note(one)
    return 0
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    note(error.message)
    return 1
  }
}

function dashboard(metrics: readonly Metric[], call: DashboardCall): Made {
  const made = makeDashboard(metrics, call)
  const rows = made.panels.filter(({ type }) => type === 'row').map(({ title }) => title)
  const count = made.panels.length - rows.length
  const done = `${call.output}: ${count} panels (${rows.join(', ')}), uid ${made.uid}`
  const untyped = metrics.filter(({ isUntyped }) => isUntyped).map(({ name }) => name)
  return {
    text: `${formatJson(made)}\n`,
    notes: [...(call.output === undefined ? [] : [done]), ...(untyped.length === 0 ? [] : [raw(untyped)])],
  }
}

function raw(names: readonly string[]): string {
  const shown = names.slice(0, maxNamed).join(', ') + (names.length > maxNamed ? ', …' : '')
  return `drawn as they are, for want of a type: ${shown}. OpenMetrics has none for a counter whose name does not end in _total: give the text format, or a service's address, for its rate.`
}

function alerts(metrics: readonly Metric[], call: AlertsCall): Made {
  const { rules, missing } = alertRules(metrics, call)
  const done = `${call.output}: ${rules.map(({ alert }) => alert).join(', ')}`
  return {
    text: rulesYaml(call.job, rules),
    notes: [
      ...(call.output === undefined ? [] : [done]),
      ...missing.map((what) => `no alert on ${what} was found.`),
    ],
  }
}

async function save(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'its folder does not exist' : code === 'EISDIR' ? 'it is a folder' : code
    throw new Unavailable(`can't write ${path}: ${why}`)
  }
}
