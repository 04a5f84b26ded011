import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { order, roundsUntil } from '../../harness/rounds.mjs'
import { compare } from '../../harness/verdict.mjs'
import { dsnOf } from './processes.mjs'

const program = fileURLToPath(new URL('start-case.mjs', import.meta.url))
const ways = ['telltale', 'off', 'sentry-core', 'sentry', 'sentry-errors']

/** What the reporter adds to the start of a process, all of it loaded. */
export async function startCosts(time, say) {
  // The first start of each reads its files from the disk: not what a start costs.
  for (const way of ways) await start(way)
  const rounds = await roundsUntil(time.share(1), async (round) => {
    if (round % 5 === 0) say(`starts: round ${round + 1}, ${Math.round(time.left() / 1000)} s left`)
    const measured = {}
    for (const way of order(ways, round)) measured[way] = await start(way)
    return measured
  })
  const row = (what, unit, field, goal) =>
    compare({
      name: `start with the reporter: ${what} more than with it off`,
      unit,
      // Every round starts fresh processes: each is a group of its own.
      groups: rounds.map((round) => [Object.fromEntries(ways.map((way) => [way, round[way][field]]))]),
      better: 'less',
      against: 'off',
      measure: 'difference',
      goal,
    })
  return [row('wall', 'ms', 'wallMs', 15), row('CPU', 'ms', 'cpuMs', null), row('memory', 'MB', 'rssMb', 5)]
}

async function start(way) {
  const begun = performance.now()
  const child = startChild(program, [way, dsnOf(9)])
  const { cpuMs, rssMb } = await child.next()
  const wallMs = performance.now() - begun
  await child.stop()
  return { wallMs, cpuMs, rssMb }
}
