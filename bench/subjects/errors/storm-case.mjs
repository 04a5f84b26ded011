// storm-case.mjs DSN PER_SECOND SECONDS: so many errors a second, whatever becomes of them.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getLogger, renderMetrics, setup } from 'telltale'
import { endWithParent } from '../../harness/leash.mjs'
import { forgetPeak, peakRss, settledMemory } from '../../harness/memory.mjs'
import { samplesOf, textOf } from '../metrics/samples.mjs'
import { nextError } from './handle.mjs'

endWithParent()
const [, , dsn, perSecond, seconds] = process.argv
const telltale = setup({ service: 'assessments', log: { sinks: [{ write() {} }] }, sentry: { dsn } })
const log = getLogger('storm')
const warmed = 1000
// None comes too often to be sent: all of them wait for the server.
const kinds = 1000
const delay = monitorEventLoopDelay({ resolution: 1 })

async function dropped() {
  const samples = samplesOf(textOf((await renderMetrics({})).chunks), 'telltale_dropped_total')
  return [...samples].filter(([sample]) => sample.includes('signal="error"'))
}

function storm() {
  let met = 0
  const most = Number(perSecond) * Number(seconds)
  const begun = performance.now()
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(most, ((performance.now() - begun) * Number(perSecond)) / 1000)
      for (; met < due; met++) log.exception('failed', nextError(kinds), { index: met })
      if (met < most) return
      clearInterval(timer)
      resolve({ met, tookMs: performance.now() - begun })
    }, 5)
  })
}

const acts = {
  async storm() {
    // What every process loads and compiles once is not the storm's.
    for (let i = 0; i < warmed; i++) log.exception('warmed', nextError(kinds))
    const before = await settledMemory()
    forgetPeak()
    delay.enable()
    const { met, tookMs } = await storm()
    delay.disable()
    const peakBytes = peakRss()
    const after = await settledMemory()
    await telltale.shutdown()
    return {
      met: met + warmed,
      tookMs,
      p99Ms: delay.percentile(99) / 1e6,
      heldBytes: after.heldBytes - before.heldBytes,
      peakBytes: peakBytes - before.rssBytes,
      dropped: await dropped(),
    }
  },
}
process.on('message', async (act) => process.send(await acts[act]()))
process.send({ ready: true })
