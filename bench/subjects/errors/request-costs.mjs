import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { quietRounds, underLoad } from '../../harness/under-load.mjs'
import { compare } from '../../harness/verdict.mjs'
import { requests } from './handle.mjs'
import { startReceiver, startService } from './processes.mjs'
import { services } from './services.mjs'

const loader = fileURLToPath(new URL('../../harness/load.mjs', import.meta.url))

// Without errors it makes no difference of how many kinds they are.
const measured = Object.keys(services).filter((name) => name !== 'unlike')

/** What the reporter costs requests that meet no error: sets of fresh processes, all services in alternation. */
export async function requestCosts({ generations, ...plan }, time, say) {
  const load = startChild(loader)
  await load.next()
  const { receiver, port } = await startReceiver()
  const groups = []
  for (let index = 0; index < generations; index++) {
    say(`a service without errors: processes ${index + 1} of ${generations}`)
    const end = time.share(generations - index)
    const servers = {}
    for (const name of measured) servers[name] = await startService(name, port, 0)
    groups.push(await underLoad({ servers, requests, load, end, past: groups.flat().length, ...plan }))
    await Promise.all(Object.values(servers).map(({ child }) => child.stop()))
  }
  await Promise.all([load.stop(), receiver.stop()])

  const { groups: kept, decides } = quietRounds(groups)
  const only = (field) =>
    kept.map((rounds) =>
      rounds.map((round) => Object.fromEntries(measured.map((name) => [name, round[name][field]]))),
    )
  const against = { against: 'off', decides }
  return {
    rows: [
      compare({
        name: 'a request without errors, against the reporter off',
        unit: 'µs CPU',
        groups: only('wholeMicros'),
        better: 'less',
        goal: 1 / 1.03,
        ...against,
      }),
      compare({
        name: 'throughput without errors, against the reporter off',
        unit: 'requests/s',
        groups: only('perSecond'),
        better: 'more',
        ...against,
      }),
    ],
    notes: decides
      ? []
      : ['Under load: this machine is too busy, or there are too few processes, to decide anything.'],
  }
}
