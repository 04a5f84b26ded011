import { sumOf, totalsOf, type Sample } from './scrape.js'
import type { Telemetry } from './telemetry.js'

/** Requests and flows under way, as the scrape gives them. */
export const underWay = (samples: readonly Sample[]): number =>
  Math.max(0, sumOf(samples, 'http_requests_in_progress')) + sumOf(samples, 'flows_in_progress')

/**
 * Holds the log against the metrics of the same process, where both must say the same. `samples` is taken when nothing
 * is under way and all lines written until then are read. Each difference is one sentence.
 */
export function compareWithScrape(telemetry: Telemetry, samples: readonly Sample[]): string[] {
  const differences: string[] = []
  const same = (
    what: string,
    lines: ReadonlyMap<string, number>,
    counted: ReadonlyMap<string, number>,
  ): void => {
    for (const key of new Set([...lines.keys(), ...counted.keys()])) {
      const [inLog, inScrape] = [lines.get(key) ?? 0, counted.get(key) ?? 0]
      if (inLog !== inScrape)
        differences.push(`${what} ${key}: ${inLog} in the log, ${inScrape} in the scrape`)
    }
  }
  same(
    'http_requests_total',
    telemetry.requests.byKey,
    totalsOf(
      samples,
      'http_requests_total',
      (labels) => `${labels['method']} ${labels['path']} ${labels['status']}`,
    ),
  )
  same(
    'log_events_total',
    withoutDebug(telemetry.byEvent),
    withoutDebug(totalsOf(samples, 'log_events_total', (labels) => `${labels['level']} ${labels['event']}`)),
  )
  const flows = new Map<string, number>()
  for (const [name, { outcomes }] of telemetry.flows) {
    for (const [outcome, count] of outcomes) flows.set(`${name} ${outcome}`, count)
  }
  same(
    'flow_duration_seconds_count',
    flows,
    totalsOf(samples, 'flow_duration_seconds_count', (labels) => `${labels['flow']} ${labels['outcome']}`),
  )
  const all = (): string => 'of all requests'
  same(
    'http_request_duration_seconds_count',
    totalsOf(samples, 'http_requests_total', all),
    totalsOf(samples, 'http_request_duration_seconds_count', all),
  )
  for (const { labels, value } of samples.filter(
    ({ name, value }) => name === 'telltale_dropped_total' && value > 0,
  )) {
    differences.push(`the service dropped ${value} of signal ${labels['signal']}: ${labels['reason']}`)
  }
  return differences
}

/** Flows that began and did not end. Called after the service ended. */
export function unendedFlows(telemetry: Telemetry): string[] {
  return [...telemetry.flows].flatMap(([name, { started, outcomes }]) => {
    const ended = [...outcomes.values()].reduce((sum, count) => sum + count, 0)
    return started === ended ? [] : [`flow ${name}: ${started} started, ${ended} ended`]
  })
}

// A debug event counts where it is raised, and has a line only where debug is on.
const withoutDebug = (events: ReadonlyMap<string, number>): Map<string, number> =>
  new Map([...events].filter(([key]) => !key.startsWith('debug ')))
