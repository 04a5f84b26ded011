import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { median } from '../../harness/stats.mjs'
import { within } from '../../harness/verdict.mjs'
import { clients, peers } from './clients.mjs'

const program = fileURLToPath(new URL('distinct-case.mjs', import.meta.url))
// Telltale's default `metrics.maxSeries`.
const limit = 2000
// V8's young generation alone may grow to three times 16 MiB, whatever is held.
const youngMb = (3 * 16 * 1024 * 1024) / 1e6

/** A million distinct label sets thrown at one metric: what is held from the 100,000th on, and whether all are counted. */
export async function distinctSets({ runs, peerRuns }, say) {
  const ours = await times(runs, 'telltale', say)
  const { distinct } = clients.telltale
  const row = (what, unit, value, goal, more) =>
    within({
      name: `${distinct.toLocaleString('en-GB')} distinct label sets: ${what}`,
      unit,
      values: ours.map(value),
      goal,
      ...more,
    })
  const exactly = (should, is) => Math.abs(should - is)
  const rows = [
    row('held more than at the 100,000th', 'MB', ({ heldBytes }) => heldBytes / 1e6, 1),
    row('resident more than at the 100,000th', 'MB', ({ rssBytes }) => rssBytes / 1e6, youngMb),
    row('calls not counted', 'calls', ({ counted }) => exactly(distinct, counted), 0, { always: true }),
    row('not in the overflow series', 'calls', ({ overflow }) => exactly(distinct - limit, overflow), 0, {
      always: true,
    }),
    row('not in telltale_dropped_total', 'calls', ({ dropped }) => exactly(distinct - limit, dropped), 0, {
      always: true,
    }),
    row('series', 'series', ({ series }) => series, limit + 1, { always: true }),
    row('a call, nearly all of them past the limit', 'µs CPU', ({ micros }) => micros, null),
  ]
  const notes = []
  for (const peer of peers) {
    const results = await times(peerRuns, peer, say)
    const middle = (field) => median(results.map((result) => result[field]))
    notes.push(
      `${clients[peer].title}: from the 100,000th to the ${clients[peer].distinct.toLocaleString('en-GB')}th distinct label set, ${megabytes(middle('heldBytes'))} more held and ${megabytes(middle('rssBytes'))} resident; ${middle('series').toLocaleString('en-GB')} series.`,
    )
  }
  return { rows, notes }
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`

async function times(runs, client, say) {
  const results = []
  for (let run = 0; run < runs; run++) {
    say(`distinct label sets, ${client}: run ${run + 1} of ${runs}`)
    const child = startChild(program, [client, String(clients[client].distinct)], {
      execArgv: ['--expose-gc'],
    })
    results.push(await child.next(120_000))
    await child.stop()
  }
  return results
}
