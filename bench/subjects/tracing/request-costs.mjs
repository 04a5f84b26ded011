import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { median } from '../../harness/stats.mjs'
import { quietRounds, underLoad } from '../../harness/under-load.mjs'
import { compare } from '../../harness/verdict.mjs'
import { requests } from './handle.mjs'
import { services } from './services.mjs'
import { holdShare, percent } from './holds.mjs'
import { startReceiver, startService } from './processes.mjs'

const loader = fileURLToPath(new URL('../../harness/load.mjs', import.meta.url))

/** What spans cost a service under load: sets of fresh processes, all services in alternation, a receiver for each. */
export async function requestCosts({ generations, ...plan }, time, rate, say) {
  const load = startChild(loader)
  await load.next()
  const receivers = {}
  for (const [name, { exits }] of Object.entries(services))
    if (exits !== undefined) receivers[name] = await startReceiver()

  const groups = []
  const shares = {}
  for (let index = 0; index < generations; index++) {
    say(`a service under load: processes ${index + 1} of ${generations}`)
    const end = time.share(generations - index)
    const past = groups.flat().length
    const { rounds, arrived } = await generation(receivers, rate, { ...plan, past, end, load })
    groups.push(rounds)
    for (const [name, share] of Object.entries(arrived)) (shares[name] ??= []).push(share)
  }
  await Promise.all(
    [load, ...Object.values(receivers).map(({ receiver }) => receiver)].map((child) => child.stop()),
  )
  return { rows: rowsOf(quietRounds(groups)), notes: notesOf(groups, shares, rate) }
}

async function generation(receivers, rate, plan) {
  const servers = {}
  for (const name of Object.keys(services)) {
    await receivers[name]?.receiver.ask('forget')
    servers[name] = await startService(name, receivers[name]?.port ?? 0, rate)
  }
  const rounds = await underLoad({ servers, requests, ...plan })
  const arrived = {}
  for (const [name, { child }] of Object.entries(servers)) {
    const { answered } = await child.ask('close', 30_000)
    const count = await receivers[name]?.receiver.ask('count', 60_000)
    if (count !== undefined) arrived[name] = shareOf(name, { rate, answered, count })
    await child.stop()
  }
  return { rounds, arrived }
}

// A peer that loses spans does less, which is in its favour, and is said; we are not measured then.
function shareOf(name, measured) {
  if (name.startsWith('opentelemetry')) return measured.count.traces / measured.answered
  return holdShare({ ...services[name], ...measured })
}

function rowsOf({ groups, decides }) {
  /** One number of each window, with the service `ours` in our place. */
  const only = (ours, others, field) =>
    groups.map((rounds) =>
      rounds.map((round) =>
        Object.fromEntries(
          [['telltale', ours], ...others.map((name) => [name, name])].map(([as, name]) => [
            as,
            round[name][field],
          ]),
        ),
      ),
    )
  const cpu = (ours, ...others) => ({
    unit: 'µs CPU',
    groups: only(ours, others, 'wholeMicros'),
    better: 'less',
    against: others[0],
    decides,
  })
  const rate = (ours, ...others) => ({
    unit: 'requests/s',
    groups: only(ours, others, 'perSecond'),
    better: 'more',
    against: others[0],
    decides,
  })
  const more = { measure: 'difference' }
  const peer = 'opentelemetry'
  return [
    compare({
      name: 'a request of six spans, more than with the exit off',
      ...cpu('telltale', 'off'),
      ...more,
      goal: 6,
    }),
    compare({
      name: 'a request, spans and lines leave, more than with the exit off',
      ...cpu('telltale-logs', 'off'),
      ...more,
    }),
    compare({ name: 'a request, against OpenTelemetry', ...cpu('telltale', peer, 'bare') }),
    compare({ name: 'throughput, against OpenTelemetry', ...rate('telltale', peer, 'bare'), goal: 3 }),
    compare({ name: 'throughput without lines, against OpenTelemetry', ...rate('telltale-lineless', peer) }),
    compare({
      name: 'throughput, against OpenTelemetry with metrics and pino',
      ...rate('telltale', 'opentelemetry-pino'),
    }),
    compare({ name: 'throughput, share of bare', ...rate('telltale', 'bare', peer) }),
  ]
}

function notesOf(groups, shares, rate) {
  const arrived = Object.entries(shares).map(
    ([name, all]) => `${services[name].title} ${percent(median(all))}`,
  )
  const notes = [`Traces that arrived, of which ${percent(rate)} were to be sampled: ${arrived.join(', ')}.`]
  const all = groups.flat().length
  const { groups: kept, decides } = quietRounds(groups)
  if (!decides)
    notes.push('Under load: this machine is too busy to decide anything; run again when it is quiet.')
  else if (kept.flat().length < all)
    notes.push(
      `Under load: ${all - kept.flat().length} of ${all} rounds left out, the machine was busy with other work.`,
    )
  return notes
}
