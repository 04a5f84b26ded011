import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { quietRounds, underLoad } from '../../harness/under-load.mjs'
import { compare } from '../../harness/verdict.mjs'
import { started } from './processes.mjs'

const loader = fileURLToPath(new URL('../../harness/load.mjs', import.meta.url))

/** Whom each variant asks, and what. */
const variants = {
  live: ['telltale', '/health'],
  ready: ['telltale', '/health/ready'],
  'terminus live': ['terminus', '/health'],
  'terminus ready': ['terminus', '/health/ready'],
  'node:http': ['bare', '/'],
}

/** What a probe costs, beside an empty route of `node:http` and beside terminus: sets of fresh processes. */
export async function probeCosts({ generations, ...plan }, time, say) {
  const load = startChild(loader)
  await load.next()
  const groups = []
  for (let index = 0; index < generations; index++) {
    say(`a probe: processes ${index + 1} of ${generations}`)
    const end = time.share(generations - index)
    const servers = {}
    for (const [name, [service, path]] of Object.entries(variants))
      servers[name] = { ...(await started('service.mjs', [service])), requests: [rendered(path)] }
    groups.push(await underLoad({ servers, load, end, past: groups.flat().length, ...plan }))
    await Promise.all(Object.values(servers).map(({ child }) => child.stop()))
  }
  await load.stop()

  const { groups: kept, decides } = quietRounds(groups)
  const row = (name, ours, peer) =>
    compare({
      name: `a probe of ${name}, eight checks`,
      unit: 'µs CPU',
      groups: kept.map((rounds) =>
        rounds.map((round) => ({
          telltale: round[ours].wholeMicros,
          'node:http': round['node:http'].wholeMicros,
          terminus: round[peer].wholeMicros,
        })),
      ),
      better: 'less',
      against: 'terminus',
      decides,
    })
  return {
    rows: [row('liveness', 'live', 'terminus live'), row('readiness', 'ready', 'terminus ready')],
    notes: decides
      ? []
      : ['A probe: this machine is too busy, or there are too few processes, to decide anything.'],
  }
}

function rendered(path) {
  return [`GET ${path} HTTP/1.1`, 'host: 127.0.0.1', 'accept: */*', '', ''].join('\r\n')
}
