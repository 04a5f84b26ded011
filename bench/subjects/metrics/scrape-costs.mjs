import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { order } from '../../harness/rounds.mjs'
import { bestPeer, compare } from '../../harness/verdict.mjs'
import { clients, peers } from './clients.mjs'

const program = fileURLToPath(new URL('scrape-case.mjs', import.meta.url))
const lines = 100_000
const titles = { counters: '100k counters', histograms: '100k histogram lines' }

/** What 100,000 lines hold, and what their scrapes take: a fresh process of every client in each round. */
export async function scrapeCosts({ rounds, scrapes, ways }, say) {
  const samples = { counters: [], histograms: [] }
  for (let round = 0; round < rounds; round++) {
    for (const kind of Object.keys(samples)) {
      const measured = {}
      for (const client of order(Object.keys(clients), round)) {
        say(`a scrape of ${titles[kind]}: round ${round + 1} of ${rounds}, ${client}`)
        const child = startChild(program, [client, kind, lines, scrapes, ways ? 1 : 0].map(String), {
          execArgv: ['--expose-gc'],
        })
        measured[client] = await child.next(60_000)
        await child.stop()
      }
      samples[kind].push(measured)
    }
  }
  const all = Object.values(samples).flatMap((each) => each.flatMap((round) => Object.values(round)))
  return {
    rows: Object.keys(samples).flatMap((kind) => rowsOf(kind, samples[kind])),
    notes: [
      `A scrape: the text 0.0.4 as bytes, made the way each client's endpoint makes it. Growth and “the first” are of the first scrape of a process, the others of the ${scrapes} after it.`,
      ...(all.every(({ forgotten }) => forgotten)
        ? []
        : [
            'Growth is over the most that was resident before: this system does not let the peak be forgotten.',
          ]),
    ],
  }
}

function rowsOf(kind, samples) {
  const title = titles[kind]
  /** One number of each process, which is a group of its own. */
  const once = (value) => samples.map((round) => [only(round, value)])
  const later = (field) =>
    samples.map((round) =>
      round.telltale.later.map((_, index) => only(round, (client) => client.later[index][field])),
    )
  const row = (what, unit, groups, more) =>
    compare({ name: `${title}: ${what}`, unit, groups, better: 'less', ...more })
  const fastest = bestPeer(later('ms'), 'less', peers)
  const value = (goal = null) => ({ measure: 'value', goal })
  return [
    row('a scrape', 'ms', later('ms'), { against: fastest, goal: 5 }),
    row('the longest stall of the event loop', 'ms', later('stallMs'), value(10)),
    row(
      'growth of memory at its peak',
      'MB',
      once(({ grewBytes }) => grewBytes / 1e6),
      value(30),
    ),
    row(
      'the first scrape',
      'ms',
      once(({ first }) => first.ms),
      { against: fastest },
    ),
    row(
      'the longest stall of the first',
      'ms',
      once(({ first }) => first.stallMs),
      value(),
    ),
    ...(kind === 'counters'
      ? [
          row(
            'held for a series',
            'bytes',
            once(({ heldBytes }) => heldBytes),
            value(330),
          ),
          row(
            'resident for a series',
            'bytes',
            once(({ rssBytes }) => rssBytes),
            value(),
          ),
        ]
      : [
          row(
            'held for a series of 13 lines',
            'bytes',
            once(({ heldBytes }) => heldBytes),
            value(),
          ),
        ]),
    ...Object.keys(samples[0].telltale.ways).flatMap((way) => {
      const alone = (field) =>
        samples.map(({ telltale }) => telltale.ways[way].map((scrape) => ({ telltale: scrape[field] })))
      return [
        row(`a scrape ${way}`, 'ms', alone('ms'), value()),
        row(`the longest stall of one ${way}`, 'ms', alone('stallMs'), value()),
      ]
    }),
  ]
}

const only = (round, value) =>
  Object.fromEntries(Object.entries(round).map(([client, result]) => [client, value(result)]))
