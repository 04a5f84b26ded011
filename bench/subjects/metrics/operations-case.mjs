// operations-case.mjs CLIENT ROUND WARM_MS SPAN_MS: ns of CPU time for each operation, all in one process, as in a service.
import { endWithParent } from '../../harness/leash.mjs'
import { order } from '../../harness/rounds.mjs'
import { openClient } from './clients.mjs'
import { holdCalls, operations } from './operations.mjs'
import { samplesOf, textOf } from './samples.mjs'

endWithParent()
const [, , name] = process.argv
const [round, warmMs, spanMs] = process.argv.slice(3).map(Number)
const client = await openClient(name)
const all = operations(client)
const calls = Object.fromEntries(Object.keys(all).map((key) => [key, 0]))

const cpuMicros = () => {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** ns of CPU time for each call, all threads: who leaves garbage pays for its collection. */
function cost(key, ms) {
  const { prepare, run, batch } = all[key]
  let micros = 0
  let done = 0
  while (micros < ms * 1000) {
    prepare?.()
    const start = cpuMicros()
    run()
    micros += cpuMicros() - start
    done += batch
  }
  calls[key] += done
  return (micros * 1000) / done
}

// Every operation is in use before any is measured: what V8 makes of a client that is called in one way only,
// no service gets.
for (let i = 0; i < 3; i++) for (const key of Object.keys(all)) cost(key, warmMs / 10)
const measured = (key) => {
  cost(key, warmMs)
  return cost(key, spanMs)
}
const costs = {}
for (const key of order(Object.keys(all), round)) costs[key] = measured(key)
await client.inRequest?.(async () => {
  costs.inRequest = { boundInc: measured('boundInc'), boundObserve: measured('boundObserve') }
})
holdCalls(samplesOf(textOf(await client.scrape())), calls, name)
process.send(costs)
