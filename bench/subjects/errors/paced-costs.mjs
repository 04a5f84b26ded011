import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { between } from '../../harness/measured.mjs'
import { order } from '../../harness/rounds.mjs'
import { compare } from '../../harness/verdict.mjs'
import { startReceiver, startService } from './processes.mjs'
import { services } from './services.mjs'

const loader = fileURLToPath(new URL('../metrics/paced-load.mjs', import.meta.url))
const load = { path: '/assessments/a_1', perSecond: 2000, connections: 16 }
/** One request in so many meets an error: 100 a second. */
const failing = 20

/** What 100 errors a second at 2,000 requests a second cost: fresh processes of every service in each round. */
export async function pacedCosts({ rounds, ...plan }, say) {
  const groups = []
  const arrived = {}
  for (let round = 0; round < rounds; round++) {
    const measured = {}
    for (const name of order(Object.keys(services), round)) {
      say(`100 errors a second: round ${round + 1} of ${rounds}, ${name}`)
      const { cpuMicros, share } = await once(name, plan)
      measured[name] = cpuMicros
      if (services[name].reports) (arrived[name] ??= []).push(share)
    }
    groups.push([measured])
  }
  const shares = Object.entries(arrived).map(
    ([name, all]) => `${services[name].title} ${Math.round(Math.min(...all) * 100)} %`,
  )
  const row = (name, of, more) =>
    compare({
      name: `100 errors a second at 2,000 requests a second${name}, a request, against the reporter off`,
      unit: 'µs CPU',
      groups: of,
      better: 'less',
      against: 'off',
      ...more,
    })
  return {
    rows: [
      row(
        '',
        only(groups, ({ unlike: _unlike, ...rest }) => rest),
        { goal: 1 / 1.15 },
      ),
      row(
        ', hardly two alike',
        only(groups, ({ unlike, off }) => ({ telltale: unlike, off })),
      ),
    ],
    notes: [`100 errors a second, events that arrived of the errors met, at least: ${shares.join(', ')}.`],
  }
}

function only(groups, pick) {
  return groups.map((rounds) => rounds.map(pick))
}

async function once(name, { warmMs, windowMs }) {
  const { receiver, port: to } = await startReceiver()
  const { child, port } = await startService(name, to, failing)
  const asking = startChild(loader)
  await asking.next()
  await asking.ask({ start: { port, ...load } })
  await pause(warmMs)
  const before = await child.ask('mark')
  await pause(windowMs)
  const after = await child.ask('mark')
  await asking.ask({ stop: true }, 30_000)
  const { met } = await child.ask('close', 60_000)
  const { events } = await receiver.ask('count', 30_000)
  await Promise.all([asking.stop(), child.stop(), receiver.stop()])
  return { ...between(before, after), share: events / met }
}
