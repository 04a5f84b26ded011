// A suppressed debug event beside an emitted info event, in one request of a service with its flight recorder on.
import { setImmediate as turn } from 'node:timers/promises'
import { getLogger, setup } from 'telltale'
import { endWithParent } from '../../harness/leash.mjs'
import { cpuMs, fieldsOf, name } from './event.mjs'
import { inRequest } from './in-request.mjs'

endWithParent()
const [, , warmMs, spanMs] = process.argv.map(Number)
setup({ service: 'assessments', version: '1.4.0', log: { recorder: { size: 64 } } })
const log = getLogger('assessments')
let kept
const calls = {
  // What the loop itself costs, its turns and its literals, is no cost of either.
  empty: (index) => (kept = fieldsOf(index)),
  suppressed: (index) => log.debug(name, fieldsOf(index)),
  emitted: (index) => log.info(name, fieldsOf(index)),
}

let index = 0
async function write(call, ms) {
  const past = index
  const start = cpuMs()
  while (cpuMs() < start + ms) {
    for (let i = 0; i < 10; i++) call(index++)
    await turn()
  }
  return ((cpuMs() - start) * 1000) / (index - past)
}

await inRequest(async () => {
  for (const call of Object.values(calls)) await write(call, warmMs)
  const cost = {}
  for (const [kind, call] of Object.entries(calls)) cost[kind] = await write(call, spanMs)
  process.send({
    suppressed: cost.suppressed - cost.empty,
    emitted: cost.emitted - cost.empty,
    empty: cost.empty,
    kept: Object.keys(kept).length,
  })
})
