import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { order } from '../../harness/rounds.mjs'
import { median } from '../../harness/stats.mjs'
import { bestPeer, compare } from '../../harness/verdict.mjs'
import { clients, peers } from './clients.mjs'

const here = (file) => fileURLToPath(new URL(file, import.meta.url))
const series = 100_000
// A rate that no server is busy with; what finds every connection taken waits, and its waiting counts.
const load = { path: '/score', perSecond: 1500, connections: 64 }
const everyMs = 500
/** What every peer has. */
const plainText = { accept: 'text/plain; version=0.0.4', 'accept-encoding': 'identity' }
/** A Prometheus's own headers. */
const asPrometheus = {
  accept:
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  'accept-encoding': 'gzip',
}

/** How long requests take to a service whose 100,000 series are scraped meanwhile: fresh processes of every client in each round. */
export async function requestsMeanwhile({ rounds, ownRounds, ...plan }, say) {
  const samples = []
  for (let round = 0; round < rounds; round++) {
    const measured = {}
    for (const client of order(Object.keys(clients), round)) {
      say(`requests during scrapes: round ${round + 1} of ${rounds}, ${client}`)
      measured[client] = await meanwhile(client, plainText, plan)
    }
    samples.push(measured)
  }
  const own = []
  for (let round = 0; round < ownRounds; round++) {
    say(`requests during scrapes as Prometheus asks: round ${round + 1} of ${ownRounds}`)
    own.push([{ telltale: (await meanwhile('telltale', asPrometheus, plan)).p999 }])
  }
  const groups = (value) =>
    samples.map((round) => [
      Object.fromEntries(Object.entries(round).map(([client, result]) => [client, value(result)])),
    ])
  const row = (what, unit, value, goal = null) =>
    compare({
      name: `requests during scrapes: ${what}`,
      unit,
      groups: groups(value),
      better: 'less',
      against: bestPeer(groups(value), 'less', peers),
      goal,
    })
  const scraped = Object.keys(clients).map(
    (client) => `${client} ${median(samples.map((round) => round[client].scrapes))}`,
  )
  return {
    rows: [
      row('p99.9', 'ms', ({ p999 }) => p999, 4),
      row('p99', 'ms', ({ p99 }) => p99),
      row('the longest', 'ms', ({ most }) => most),
      row('a scrape, to the last byte at its client', 'ms', ({ scrapeMs }) => scrapeMs),
      ...(own.length === 0
        ? []
        : [
            compare({
              name: 'requests during scrapes as Prometheus asks: p99.9',
              unit: 'ms',
              groups: own,
              better: 'less',
              measure: 'value',
            }),
          ]),
    ],
    notes: [
      `Requests during scrapes: ${load.perSecond.toLocaleString('en-GB')} a second on ${load.connections} connections, each timed from when it was to be sent; /metrics of ${series.toLocaleString('en-GB')} counters every ${everyMs} ms, or as soon as the last scrape was done. Scrapes in a window of ${plan.windowMs / 1000} s: ${scraped.join(', ')}.`,
    ],
  }
}

async function meanwhile(client, headers, { warmMs, windowMs }) {
  const server = startChild(here('server.mjs'), [client, String(series)])
  const asking = startChild(here('paced-load.mjs'))
  const scraper = startChild(here('scraper.mjs'))
  const [{ port }] = await Promise.all([server.next(60_000), asking.next(), scraper.next()])
  await asking.ask({ start: { port, ...load } })
  await scraper.ask({ start: { port, everyMs, headers } }, 30_000)
  await pause(warmMs)
  await Promise.all([asking.ask({ forget: true }), scraper.ask({ forget: true })])
  await pause(windowMs)
  const times = await asking.ask({ stop: true }, 30_000)
  const { scrapes } = await scraper.ask({ stop: true }, 30_000)
  await Promise.all([asking.stop(), scraper.stop(), server.stop()])

  const poor = scrapes.find(({ lines }) => lines < series)
  if (poor !== undefined) throw new Error(`${client}: a scrape had ${poor.lines} lines of ${series} series.`)
  if (scrapes.length < 2) throw new Error(`${client}: ${scrapes.length} scrapes in ${windowMs} ms.`)
  return { ...times, scrapes: scrapes.length, scrapeMs: median(scrapes.map(({ ms }) => ms)) }
}
