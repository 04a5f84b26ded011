import { order, roundsUntil } from '../../harness/rounds.mjs'
import { compare } from '../../harness/verdict.mjs'
import { cost } from './cost.mjs'
import { ways } from './ways.mjs'

/** What each thing costs that can be turned on: beside the plain event, on /dev/null, so that writing hides nothing. */
export async function ownCosts(plan, deadline, say) {
  const names = Object.keys(ways)
  const rounds = await roundsUntil(deadline, async (round) => {
    say(`own costs: round ${round + 1}`)
    const measured = {}
    for (const way of order(names, round)) measured[way] = await cost('telltale', 'null', plan, way)
    return measured
  })
  return names
    .filter((way) => way !== 'plain')
    .map((way) => {
      const { title, beside = 'plain' } = ways[way]
      return compare({
        name: `own: ${title}`,
        unit: 'µs CPU',
        groups: rounds.map((round) => [{ telltale: round[way], [beside]: round[beside] }]),
        better: 'less',
        against: beside,
      })
    })
}
