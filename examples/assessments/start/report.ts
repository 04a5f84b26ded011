import type { TrafficReport } from '../traffic/exchange.js'
import type { Paint } from './paint.js'
import type { AbortTotals } from './reconcile.js'
import type { Summary } from './summary.js'
import type { Telemetry } from './telemetry.js'

export interface Told {
  report: TrafficReport | undefined
  aborted: AbortTotals
}

const LABEL = 12

/** The summary for a person. `told` says what the generator knows; without traffic there is none. */
export function renderReport(
  summary: Summary,
  telemetry: Telemetry,
  told: Told,
  { paint, columns }: { paint: Paint; columns: () => number },
): string {
  const lines: string[] = ['']
  const width = columns()
  const row = (label: string, text: string): void => {
    lines.push(...fit(`  ${paint.dim(label.padEnd(LABEL))}`, text, width))
  }
  const { requests, events, latency_ms, canaries } = summary

  row(
    'requests',
    `${paint.bold(count(requests.total))} in ${summary.seconds} s${gap}p50 ${ms(latency_ms.p50)}${gap}p99 ${ms(latency_ms.p99)}`,
  )
  row(
    '',
    counts(requests.by_status, (status) => colourOf(status, paint)(status)),
  )
  lines.push('', ...routes(telemetry, paint, width), '')

  const levels = counts(events.by_level, (level) => (LEVEL[level] ? paint[LEVEL[level]](level) : level))
  row('events', `${paint.bold(count(events.total))}${gap}${levels}`)
  row('log', `${bytes(summary.log_bytes)}${gap}${events.invalid} invalid lines`)
  rows('flows', flows(summary, paint), row)
  row('errors', counts(summary.errors, (type) => type) || 'none')
  if (told.report) {
    const places = Object.values(told.report.canaries).reduce((sum, times) => sum + times, 0)
    const found = canaries.found === 0 ? paint.green('0 found') : paint.red(`${canaries.found} found`)
    row('canaries', `${canaries.planted} planted, ${count(places)} times${gap}${found}`)
    rows('traffic', traffic(told.report, told.aborted), row)
  }
  lines.push('')
  if (summary.ok) {
    const what = told.report ? 'the log, the scrape and the generator agree' : 'the log and the scrape agree'
    lines.push(`  ${paint.green('✓')} ${what}`, '')
    return lines.join('\n')
  }
  lines.push(
    `  ${paint.red('✗')} ${summary.differences.length} ${summary.differences.length === 1 ? 'difference' : 'differences'}`,
  )
  for (const difference of summary.differences) lines.push(`    ${visible(difference)}`)
  lines.push('')
  return lines.join('\n')
}

const LEVEL: Record<string, keyof Paint> = { warning: 'yellow', error: 'red', critical: 'red' }
const gap = '   '

function routes({ requests }: Telemetry, paint: Paint, width: number): string[] {
  const table = [...requests.byRoute]
    .sort(([, a], [, b]) => b - a)
    .map(([key, total]) => ({ key, total, statuses: statusesOf(key, requests.byKey) }))
  const [method, route] = [0, 1].map((at) =>
    Math.max(...table.map(({ key }) => (key.split(' ')[at] ?? '').length), 0),
  )
  return table.flatMap(({ key, total, statuses }) => {
    const [name = '', path = ''] = key.split(' ')
    const cells = statuses.map(
      ([status, times]) => `${colourOf(status, paint)(status)} ${paint.dim('×')} ${times}`,
    )
    const start = `    ${name.padEnd(method ?? 0)} ${visible(path).padEnd(route ?? 0)} ${count(total).padStart(7)}${gap}`
    return fit(start, cells.join(gap), width)
  })
}

function statusesOf(route: string, byKey: ReadonlyMap<string, number>): [string, number][] {
  return [...byKey]
    .filter(([key]) => key.startsWith(`${route} `))
    .map(([key, times]): [string, number] => [key.slice(route.length + 1), times])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

function flows({ flows }: Summary, paint: Paint): string[] {
  const width = Math.max(...Object.keys(flows).map((name) => name.length), 0)
  return Object.entries(flows).map(([name, { outcomes, failed_in }]) => {
    const ended = Object.entries(outcomes).map(([outcome, times]) => {
      if (outcome !== 'failed') return `${count(times)} ${outcome}`
      const steps = Object.entries(failed_in).map(([step, n]) => (n === times ? step : `${step} ${n}`))
      return `${paint.red(`${count(times)} failed`)} in ${steps.join(', ')}`
    })
    return `${visible(name).padEnd(width)}${gap}${ended.join(gap)}`
  })
}

/** What is exact and what can't be, in the generator's own numbers. */
function traffic(report: TrafficReport, aborted: AbortTotals): string[] {
  const { outcomes } = report
  const lines = [
    `${count(report.sent)} sent, seed ${report.seed}${gap}${count(outcomes.answered)} answered, one line each`,
  ]
  if (outcomes.aborted > 0) {
    const { noticed, finished, neverArrived } = aborted
    lines.push(
      `${outcomes.aborted} left by the client: ${noticed} noticed, ${finished} finished first, ${neverArrived} never read`,
    )
  }
  if (outcomes.refused > 0) lines.push(`${outcomes.refused} refused by the parser, no line`)
  if (outcomes.lost > 0) lines.push(`${outcomes.lost} without an answer, a line or none`)
  return lines
}

function rows(label: string, texts: readonly string[], row: (label: string, text: string) => void): void {
  for (const [at, text] of (texts.length === 0 ? ['none'] : texts).entries()) row(at === 0 ? label : '', text)
}

/** `start` and `text`, which goes on under itself where the line ends: only between items, never within one. */
function fit(start: string, text: string, width: number): string[] {
  const indent = lengthOf(start)
  const lines = [start]
  let used = indent
  for (const [, item = '', space = ''] of text.matchAll(/(.+?)( {3,}|(?<=,) |$)/g)) {
    if (used > indent && used + lengthOf(item) > width) {
      lines.push(' '.repeat(indent))
      used = indent
    }
    lines.push(`${lines.pop()}${item}${space}`)
    used += lengthOf(item + space)
  }
  return lines.map((line) => line.trimEnd())
}

// eslint-disable-next-line no-control-regex
const lengthOf = (text: string): number => text.replace(/\u001b\[[\d;]*m/g, '').length

const counts = (from: Record<string, number>, name: (key: string) => string): string =>
  Object.entries(from)
    .map(([key, times]) => `${name(visible(key))} ${count(times)}`)
    .join(gap)

const count = (value: number): string => value.toLocaleString('en-US')
const ms = (value: number | null): string =>
  value === null ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`
const bytes = (value: number): string =>
  value < 1024 ** 2 ? `${(value / 1024).toFixed(0)} KiB` : `${(value / 1024 ** 2).toFixed(1)} MiB`

function colourOf(status: string, paint: Paint): (text: string) => string {
  if (status === '499') return paint.magenta
  return { 2: paint.green, 4: paint.yellow, 5: paint.red }[Number(status[0])] ?? ((text) => text)
}

/** Text from outside never controls the terminal. */
const visible = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
