import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { order, roundsUntil } from '../../harness/rounds.mjs'
import { bestPeer, compare, enoughGroups } from '../../harness/verdict.mjs'
import { clients, promClients } from './clients.mjs'

const program = fileURLToPath(new URL('operations-case.mjs', import.meta.url))

// `against` a peer, or the faster of Prometheus's own clients where the goal names none.
const rows = [
  { key: 'boundInc', name: 'a bound child, inc(), against prom-client', against: 'prom-client', goal: 50 },
  {
    key: 'boundInc',
    name: 'a bound child, inc(), against @prometheus-io',
    against: '@prometheus-io',
    goal: 20,
  },
  { key: 'incLiteral', name: 'inc({ … }), values from literals', goal: 6 },
  { key: 'incBuilt', name: 'inc({ … }), values built at run time', goal: 3 },
  { key: 'boundObserve', name: 'a bound child, observe(), 10 buckets', goal: 20 },
  { key: 'observe', name: 'observe({ … }, value), 10 buckets' },
  { key: 'incPlain', name: 'inc() without labels' },
]

// Telltale alone: the context is there to be read, for exemplars.
const rowsInRequest = {
  boundInc: 'a bound child, inc() in a request',
  boundObserve: 'a bound child, observe() in a request',
}

/** What a call costs: rounds of fresh processes, one of each client, in which every operation is measured. */
export async function operationCosts({ warmMs, spanMs }, deadline, say) {
  const measure = async (round) => {
    const measured = {}
    for (const client of order(Object.keys(clients), round)) {
      say(`operations: round ${round + 1}, ${client}`)
      const child = startChild(program, [client, round, warmMs, spanMs].map(String))
      measured[client] = await child.next(60_000)
      await child.stop()
    }
    return measured
  }
  const rounds = await roundsUntil(deadline, measure)
  // On a slow machine the time is over: what is held against goals has its groups all the same.
  while (rounds.length < enoughGroups) rounds.push(await measure(rounds.length))
  const inRequest = Object.entries(rowsInRequest).map(([key, name]) =>
    compare({
      name,
      unit: 'ns CPU',
      groups: rounds.map((round) => [{ telltale: round.telltale.inRequest[key] }]),
      better: 'less',
      measure: 'value',
    }),
  )
  const outside = rows.map(({ key, name, against, goal = null }) => {
    const groups = rounds.map((round) => [
      Object.fromEntries(Object.entries(round).map(([client, costs]) => [client, costs[key]])),
    ])
    const peer = against ?? bestPeer(groups, 'less', promClients)
    return compare({ name, unit: 'ns CPU', groups, better: 'less', against: peer, goal })
  })
  return [...outside, ...inRequest]
}
