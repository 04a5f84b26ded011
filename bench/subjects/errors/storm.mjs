import { fileURLToPath } from 'node:url'
import { freePort } from '../../../scripts/testing/free-port.mjs'
import { startChild } from '../../harness/children.mjs'
import { within } from '../../harness/verdict.mjs'
import { dsnOf } from './processes.mjs'

const program = fileURLToPath(new URL('storm-case.mjs', import.meta.url))
const perSecond = 5000
// A hundred events of 64 KiB, and a thousand kinds at 256 bytes.
const heldMb = (100 * 64 * 1024 + 1000 * 256) / 1e6
// V8's young generation alone may grow to three times 16 MiB, whatever is held.
const youngMb = (3 * 16 * 1024 * 1024) / 1e6

/** 5,000 errors a second of a thousand kinds, the server down: what is held, what is counted, how late a turn comes. */
export async function storm({ runs, seconds }, say) {
  const results = []
  for (let run = 0; run < runs; run++) {
    say(`a storm of ${perSecond * seconds} errors: run ${run + 1} of ${runs}`)
    results.push(await oneStorm(seconds))
  }
  const row = (what, unit, value, goal, more) =>
    within({
      name: `a storm of ${(perSecond * seconds).toLocaleString('en-GB')} errors, the server down: ${what}`,
      unit,
      values: results.map(value),
      goal,
      ...more,
    })
  return {
    rows: [
      row('event loop delay, p99', 'ms', ({ p99Ms }) => p99Ms, 50),
      row('held more than before', 'MB', ({ heldBytes }) => heldBytes / 1e6, heldMb),
      row('resident at most more than before', 'MB', ({ peakBytes }) => peakBytes / 1e6, heldMb + youngMb),
      row('not in telltale_dropped_total', 'errors', ({ missing }) => Math.abs(missing), 0, { always: true }),
      row('took', 's', ({ tookMs }) => tookMs / 1000, null),
    ],
    notes: results.map(
      ({ met, dropped }) =>
        `A storm: of ${met.toLocaleString('en-GB')} errors ${dropped.map(([sample, count]) => `${count.toLocaleString('en-GB')} as ${/reason="(\w+)"/.exec(sample)?.[1]}`).join(', ')}.`,
    ),
  }
}

async function oneStorm(seconds) {
  const child = startChild(program, [dsnOf(await freePort()), String(perSecond), String(seconds)], {
    execArgv: ['--expose-gc'],
  })
  await child.next()
  const result = await child.ask('storm', seconds * 4000 + 30_000)
  await child.stop()
  const counted = result.dropped.reduce((sum, [, count]) => sum + count, 0)
  return { ...result, missing: result.met - counted }
}
