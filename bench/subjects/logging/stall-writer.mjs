// One million events in six seconds and more, one in a hundred above info, to standard output, however it is read.
import { createServer } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { getLogger, setup, withContext } from 'telltale'
import { observeHttp } from 'telltale/http'
import { endWithParent } from '../../harness/leash.mjs'
import { waitedForCore } from '../../harness/waited-for-core.mjs'
import { context, fieldsOf, name } from './event.mjs'

endWithParent()
const total = Number(process.argv[2])
// Longer than the reader's stall, so that it is seen to recover.
const lastsMs = Number(process.argv[3])
const eventsInTurn = 200

const telltale = setup({ service: 'assessments', version: '1.4.0', log: { recorder: false } })
const log = getLogger('assessments')
const server = createServer(observeHttp((_req, res) => res.end()))
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

const emitted = { info: 0, warning: 0, error: 0 }
const rssAtStart = process.memoryUsage.rss()
let longestCallMs = 0
let longestTurnMs = 0
let callOfTurnMs = 0

function raise(index) {
  const fields = fieldsOf(index)
  const level = index % 100 < 99 ? 'info' : index % 200 < 100 ? 'warning' : 'error'
  const start = performance.now()
  log[level](name, fields)
  callOfTurnMs = Math.max(callOfTurnMs, performance.now() - start)
  emitted[level]++
}

// Listened for from the beginning: a message that nobody waits for is gone.
const asked = new Promise((resolve) => process.once('message', resolve))
process.send({ begun: true })
await withContext(context, async () => {
  const begun = performance.now()
  let last = begun
  let lastWaited = waitedForCore()
  // Never idle, so that between two turns lies only what was done: calls, flushes, retries, collection of garbage.
  for (let index = 0; index < total;) {
    const due = Math.min(total, ((last - begun) / lastsMs) * total)
    for (const end = Math.min(due, index + eventsInTurn); index < end; index++) raise(index)
    await turn()
    const now = performance.now()
    const waited = waitedForCore()
    const notOurs = waited - lastWaited
    longestTurnMs = Math.max(longestTurnMs, now - last - notOurs)
    longestCallMs = Math.max(longestCallMs, callOfTurnMs - notOurs)
    callOfTurnMs = 0
    last = now
    lastWaited = waited
  }
})
const mostRss = process.resourceUsage().maxRSS * 1024

// Said to have lost lines only once its reader has read on.
await asked
const text = await (await fetch(`http://127.0.0.1:${server.address().port}/metrics`)).text()
const dropped = text
  .split('\n')
  .filter((line) => line.startsWith('telltale_dropped_total{') && line.includes('signal="log"'))
  .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
server.closeAllConnections()
server.close()
process.send({ emitted, dropped, longestCallMs, longestTurnMs, grewBytes: mostRss - rssAtStart })
await telltale.shutdown()
process.exit()
