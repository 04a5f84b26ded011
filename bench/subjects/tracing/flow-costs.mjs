import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { order, roundsUntil } from '../../harness/rounds.mjs'
import { compare, enoughGroups } from '../../harness/verdict.mjs'
import { ways } from './flow-ways.mjs'

const program = fileURLToPath(new URL('flow-case.mjs', import.meta.url))

/** What a flow costs from its start to its end: rounds of fresh processes, one for each way. */
export async function flowCosts({ warmMs, spanMs }, deadline, say) {
  const measure = async (round) => {
    say(`flows: round ${round + 1}`)
    const measured = {}
    for (const way of order(Object.keys(ways), round)) {
      const child = startChild(program, [way, warmMs, spanMs].map(String))
      measured[way] = await child.next(60_000)
      await child.stop()
    }
    return measured
  }
  const rounds = await roundsUntil(deadline, measure)
  // On a slow machine the time is over: what is held against a goal has its groups all the same.
  while (rounds.length < enoughGroups) rounds.push(await measure(rounds.length))
  return Object.entries(ways).map(([way, { title, goal = null }]) =>
    compare({
      name: title,
      unit: 'µs CPU',
      groups: rounds.map((round) => [{ telltale: round[way].micros }]),
      better: 'less',
      measure: 'value',
      goal,
    }),
  )
}
