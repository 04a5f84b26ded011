import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { within } from '../../harness/verdict.mjs'

const program = fileURLToPath(new URL('stall-reader.mjs', import.meta.url))
const kinds = { fifo: 'a pipe', socketpair: 'a socket pair' }

// Telltale's defaults, and what is allowed on top of them.
const maxBlockMs = 20
const boundMb = (16 * 1024 * 1024) / 1e6

/** A million events to a reader that reads nothing for five seconds: what blocks, what is held, what is lost. */
export async function stalledReader({ runs, total, lastsMs, stallMs }, say) {
  const rows = []
  const notes = []
  for (const [kind, title] of Object.entries(kinds)) {
    const results = []
    for (let run = 0; run < runs; run++) {
      say(`a reader that stalls, ${title}: run ${run + 1} of ${runs}`)
      const child = startChild(program, [kind, total, lastsMs, stallMs].map(String))
      results.push(await child.next(120_000))
      await child.stop()
    }
    const row = (what, unit, value, goal, more) =>
      within({ name: `stalled reader, ${title}: ${what}`, unit, values: results.map(value), goal, ...more })
    rows.push(
      row('the longest log call', 'ms', (result) => result.longestCallMs, maxBlockMs + 20),
      row('the longest turn', 'ms', (result) => result.longestTurnMs, maxBlockMs + 20),
      row('memory over the start', 'MB', (result) => result.grewBytes / 1e6, boundMb + 50),
      row('lost above info', 'lines', lostAbove, 0, { always: true }),
      row('lost, not in telltale_dropped_total', 'lines', (r) => Math.abs(lost(r) - r.dropped), 0, {
        always: true,
      }),
      row('lost, not in log_lines_dropped', 'lines', (r) => Math.abs(lost(r) - r.summed), 0, {
        always: true,
      }),
      row('broken lines', 'lines', (result) => result.broken, 0, { always: true }),
    )
    const shares = results.map((result) => `${Math.round((100 * lost(result)) / total)} %`)
    notes.push(
      `Stalled reader, ${title}: of ${total.toLocaleString('en-GB')} events within ${lastsMs / 1000} s, ${stallMs / 1000} s of them unread, ${shares.join(', ')} were lost.`,
    )
  }
  return { rows, notes }
}

const sum = (levels) => levels.info + levels.warning + levels.error
const lost = ({ emitted, arrived }) => sum(emitted) - sum(arrived)

function lostAbove({ emitted, arrived }) {
  return emitted.warning - arrived.warning + emitted.error - arrived.error
}
