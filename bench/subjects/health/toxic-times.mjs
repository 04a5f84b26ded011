import { setTimeout as pause } from 'node:timers/promises'
import { order } from '../../harness/rounds.mjs'
import { compare } from '../../harness/verdict.mjs'
import { started, startLoad } from './processes.mjs'

// Asked in turn, so that what holds up the machine for a moment holds up each of them.
const paths = { empty: '/', live: '/health', ready: '/health/ready' }
const load = { paths: Object.values(paths), perSecond: 1500, connections: 24 }
const most = 2

/** How long probes take beside an empty route while eight dependencies are toxic; fresh processes in each round. */
export async function toxicTimes({ rounds, ...plan }, say) {
  const toxic = await started('toxic.mjs')
  const services = { toxic: [JSON.stringify(toxic.ports)], none: [] }
  const groups = []
  for (let round = 0; round < rounds; round++) {
    say(`probes while dependencies are toxic: round ${round + 1} of ${rounds}`)
    const measured = {}
    for (const name of order(Object.keys(services), round)) measured[name] = await times(services[name], plan)
    groups.push([measured])
  }
  await toxic.child.stop()

  const row = (name, pick, against) =>
    compare({
      name: `eight toxic dependencies: ${name}, p99`,
      unit: 'ms',
      groups: groups.map((group) => group.map(pick)),
      better: 'less',
      measure: 'difference',
      against,
      goal: most,
    })
  const beside = (path) => (round) => ({ telltale: round.toxic[path], 'empty route': round.toxic.empty })
  const withNone = (path) => (round) => ({ telltale: round.toxic[path], 'no checks': round.none[path] })
  return {
    rows: [
      row('liveness', beside('live'), 'empty route'),
      row('readiness', beside('ready'), 'empty route'),
      row('liveness, against a service without checks', withNone('live'), 'no checks'),
      row('an empty route, against a service without checks', withNone('empty'), 'no checks'),
    ],
    notes: [
      `Toxic dependencies: ${load.perSecond.toLocaleString('en-GB')} requests a second on ${load.connections} connections, an empty route, /health and /health/ready in turn, each timed from when it was to be sent, in windows of ${plan.windowMs / 1000} s. Every check is run every second and has a second to answer.`,
    ],
  }
}

/** The p99 of each path, in milliseconds. */
async function times(args, { warmMs, windowMs }) {
  const service = await started('toxic-case.mjs', args)
  const asking = await startLoad()
  await asking.ask({ start: { port: service.port, ...load } })
  await pause(warmMs)
  await asking.ask({ forget: true })
  await pause(windowMs)
  const measured = await asking.ask({ stop: true }, 30_000)
  await Promise.all([asking.stop(), service.child.stop()])
  return Object.fromEntries(Object.keys(paths).map((path, index) => [path, measured.paths[index].p99]))
}
