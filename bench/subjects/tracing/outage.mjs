import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { within } from '../../harness/verdict.mjs'
import { startReceiver } from './processes.mjs'

const program = fileURLToPath(new URL('outage-case.mjs', import.meta.url))
const perSecond = 2000
// The queue's 2,048 spans and the batch that is being sent, none of which is larger than 2 KiB here: 130 characters of
// ids and a handful of attributes.
const heldMb = ((2048 + 512) * 2 * 1024) / 1e6
// V8's young generation alone may grow to three times 16 MiB, whatever is held.
const youngMb = (3 * 16 * 1024 * 1024) / 1e6
const recoveryMs = 120_000

/** A collector that is gone for a while and comes back: what is held meanwhile, what is lost, and whether it is said. */
export async function outage({ runs, upMs, downMs }, say) {
  const results = []
  for (let run = 0; run < runs; run++) {
    say(`a collector that is down for ${downMs / 1000} s: run ${run + 1} of ${runs}`)
    results.push(await once({ upMs, downMs }))
  }
  const row = (what, unit, value, goal, more) =>
    within({
      name: `the collector down for ${downMs / 1000} s: ${what}`,
      unit,
      values: results.map(value),
      goal,
      ...more,
    })
  const exactly = { always: true }
  return {
    rows: [
      row('held more than before', 'MB', ({ heldBytes }) => heldBytes / 1e6, heldMb),
      row('resident at most more than before', 'MB', ({ peakBytes }) => peakBytes / 1e6, heldMb + youngMb),
      row(
        'neither arrived nor in telltale_dropped_total',
        'spans',
        ({ missing }) => Math.abs(missing),
        0,
        exactly,
      ),
      row('lost while it was up', 'spans', ({ lostUp }) => lostUp, 0, exactly),
      row('until spans arrive again', 's', ({ backMs }) => backMs / 1000, null),
    ],
    notes: results.map(noteOf),
  }
}

async function once({ upMs, downMs }) {
  const { receiver, port } = await startReceiver()
  const child = startChild(program, [`http://127.0.0.1:${port}`, String(perSecond)], {
    execArgv: ['--expose-gc'],
  })
  await child.next()
  await pause(upMs)
  const before = await child.ask('look')
  await receiver.ask('down')
  await pause(downMs)
  const during = await child.ask('look')
  await receiver.ask('up')
  const backMs = await arrivals(receiver)
  await pause(upMs)
  const after = await child.ask('look')
  await pause(upMs)
  const { offered, dropped } = await child.ask('close', 30_000)
  const { spans: received } = await receiver.ask('count', 60_000)
  await Promise.all([child.stop(), receiver.stop()])
  return {
    offered,
    received,
    dropped,
    backMs,
    isForgotten: before.isForgotten,
    heldBytes: during.heldBytes - before.heldBytes,
    peakBytes: during.peakBytes - before.rssBytes,
    missing: offered - received - sum(dropped),
    lostUp: sum(before.dropped) + sum(dropped) - sum(after.dropped),
  }
}

/** Milliseconds until the next span arrives at a receiver that has just come back. */
async function arrivals(receiver) {
  const begun = performance.now()
  const { exports } = await receiver.ask('count', 60_000)
  while (performance.now() < begun + recoveryMs) {
    if ((await receiver.ask('count', 60_000)).exports > exports) return performance.now() - begun
    await pause(50)
  }
  throw new Error(`No span arrived within ${recoveryMs / 1000} s of the collector's return.`)
}

const sum = (samples) => samples.reduce((total, [, value]) => total + value, 0)

function noteOf({ offered, received, dropped, isForgotten }) {
  const lost = dropped.map(
    ([sample, value]) => `${value.toLocaleString('en-GB')} as ${/reason="(\w+)"/.exec(sample)?.[1]}`,
  )
  const peak = isForgotten
    ? ''
    : ' Resident memory is over the most there ever was: this system does not let the peak be forgotten.'
  return `The collector down: of ${offered.toLocaleString('en-GB')} spans, ${perSecond.toLocaleString('en-GB')} a second, ${received.toLocaleString('en-GB')} arrived; dropped ${lost.join(', ') || 'none'}.${peak}`
}
