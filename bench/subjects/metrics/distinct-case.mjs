// distinct-case.mjs CLIENT SETS: distinct label sets thrown at one metric with its default limit, and what that holds.
import { setImmediate as turn } from 'node:timers/promises'
import { settledMemory } from '../../harness/memory.mjs'
import { endWithParent } from '../../harness/leash.mjs'
import { openClient } from './clients.mjs'
import { samplesOf, sampleName, textOf, total } from './samples.mjs'
import { distinctSet } from './series.mjs'

endWithParent()
const [, , name, count] = process.argv
const sets = Number(count)
const early = 100_000
const client = await openClient(name)
const metric = client.counter('bench_visits_total', ['method', 'route', 'tenant'])

async function throwAt(from, to) {
  for (let index = from; index < to; index++) {
    metric.inc(distinctSet(index))
    // A service's turns end: what is written, freed or said at their end is.
    if (index % 1000 === 999) await turn()
  }
  return settledMemory()
}

const begun = process.cpuUsage()
const atEarly = await throwAt(0, early)
const atEnd = await throwAt(early, sets)
const { user, system } = process.cpuUsage(begun)

const text = textOf(await client.scrape())
const samples = samplesOf(text, 'bench_visits_total')
const overflow = { method: '_overflow', route: '_overflow', tenant: '_overflow' }
const dropped = samplesOf(text, 'telltale_dropped_total')
process.send({
  micros: (user + system) / sets,
  heldBytes: atEnd.heldBytes - atEarly.heldBytes,
  rssBytes: atEnd.rssBytes - atEarly.rssBytes,
  series: samples.size,
  counted: total(samples, 'bench_visits_total'),
  overflow: samples.get(sampleName('bench_visits_total', overflow)) ?? 0,
  dropped:
    dropped.get(sampleName('telltale_dropped_total', { signal: 'metric', reason: 'series_limit' })) ?? 0,
})
