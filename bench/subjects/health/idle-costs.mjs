import { setTimeout as pause } from 'node:timers/promises'
import { order } from '../../harness/rounds.mjs'
import { compare } from '../../harness/verdict.mjs'
import { started } from './processes.mjs'

const counts = { telltale: 100, 'no checks': 0 }

/** What a hundred checks with their defaults cost a process that does nothing else. */
export async function idleCosts({ rounds, ...plan }, say) {
  const groups = []
  for (let round = 0; round < rounds; round++) {
    say(`a hundred checks of an idle process: round ${round + 1} of ${rounds}`)
    // Both at once: what else the machine does is the same for both.
    const each = order(Object.entries(counts), round).map(async ([name, count]) => [
      name,
      await once(count, plan),
    ])
    groups.push([Object.fromEntries(await Promise.all(each))])
  }
  const row = (what, unit, goal, field) =>
    compare({
      name: `a hundred checks: ${what} of an idle process`,
      unit,
      groups: groups.map((rounds) =>
        rounds.map((round) =>
          Object.fromEntries(Object.entries(round).map(([name, result]) => [name, result[field]])),
        ),
      ),
      better: 'less',
      measure: 'difference',
      against: 'no checks',
      goal,
    })
  return [
    row('CPU', 'ms/s', null, 'cpuMsPerSecond'),
    row('memory held', 'MB', null, 'heldMb'),
    row('resident memory', 'MB', null, 'rssMb'),
  ]
}

async function once(count, { warmMs, windowMs }) {
  const { child } = await started('idle-case.mjs', [String(count)], { execArgv: ['--expose-gc'] })
  await pause(warmMs)
  const { cpuMsPerSecond } = await child.ask({ act: 'idle', ms: windowMs }, windowMs + 15_000)
  const { heldBytes, rssBytes } = await child.ask({ act: 'memory' })
  await child.stop()
  return { cpuMsPerSecond, heldMb: heldBytes / 1e6, rssMb: rssBytes / 1e6 }
}
