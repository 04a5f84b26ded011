import { setTimeout as pause } from 'node:timers/promises'
import { within } from '../../harness/verdict.mjs'
import { started, startLoad } from './processes.mjs'

const load = { paths: ['/health', '/health/ready', '/health/startup'], perSecond: 1000, connections: 16 }
// An interval is jittered by a tenth, and a timer may come a millisecond early.
const least = (intervalMs) => 0.9 * intervalMs - 1
// A machine that is busy delays a run; one that is left out takes two intervals.
const longest = (intervalMs) => 1.8 * intervalMs

/** How often checks run while their service is probed a thousand times a second: exactly as often as their interval says. */
export async function runsOfChecks({ rounds, windowMs }, say) {
  const counted = []
  for (let round = 0; round < rounds; round++) {
    say(`a thousand probes a second: round ${round + 1} of ${rounds}`)
    counted.push(await once(windowMs))
  }
  const row = (what, count) =>
    within({
      name: `a thousand probes a second: ${what}`,
      unit: 'runs',
      values: counted.map(count),
      goal: 0,
      always: true,
    })
  const [{ probes, runs }] = counted
  return {
    rows: [
      row('runs that no interval asked for', ({ extra }) => extra),
      row('runs left out', ({ missing }) => missing),
    ],
    notes: [
      `A thousand probes a second: ${probes.toLocaleString('en-GB')} probes, ${runs} runs of eight checks in the first round.`,
    ],
  }
}

async function once(windowMs) {
  const { child, port, intervalMs } = await started('runs-case.mjs')
  const asking = await startLoad()
  // What is asked while the service starts is a 503, which readiness means as it says it.
  await pause(intervalMs)
  await asking.ask({ start: { port, ...load } })
  await pause(windowMs)
  const { count } = await asking.ask({ stop: true }, 30_000)
  const { runs } = await child.ask('runs')
  await Promise.all([asking.stop(), child.stop()])

  const each = Object.values(runs)
  const gaps = each.flatMap((list) => list.slice(1).map(({ begun }, index) => begun - list[index].ended))
  if (each.some((list) => list.length < 3)) throw new Error('a check ran fewer than three times.')
  return {
    probes: count,
    runs: each.flat().length,
    extra: gaps.filter((gap) => gap < least(intervalMs)).length,
    missing: gaps.filter((gap) => gap > longest(intervalMs)).length,
  }
}
