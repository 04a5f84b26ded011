// outage-case.mjs ENDPOINT PER_SECOND: so many spans a second, whatever becomes of them: flows of three steps, four spans each.
import { flow, renderMetrics, setup } from 'telltale'
import { endWithParent } from '../../harness/leash.mjs'
import { forgetPeak, peakRss, settledMemory } from '../../harness/memory.mjs'
import { samplesOf, textOf } from '../metrics/samples.mjs'
import { flowOf } from './flow-ways.mjs'

endWithParent()
const [, , endpoint, perSecond] = process.argv
const spansOfFlow = 4
const telltale = setup({
  service: 'assessments',
  version: '1.4.0',
  log: { sinks: [{ write() {} }] },
  otlp: { endpoint, tracesSampleRate: 1, logs: false },
})
const run = flowOf('plain', { flow })

let flows = 0
const begun = performance.now()
const timer = setInterval(() => {
  const due = ((performance.now() - begun) * perSecond) / spansOfFlow / 1000
  for (; flows < due; flows++) run({ user_id: `u_${flows & 1023}`, assessment_id: `a_${flows & 1023}` })
}, 5)

async function dropped() {
  const samples = samplesOf(textOf((await renderMetrics({})).chunks), 'telltale_dropped_total')
  return [...samples].filter(([sample]) => sample.includes('signal="span"'))
}

const acts = {
  /** What is held, once nothing is garbage any more; the peak is forgotten, so that the next is of what comes. */
  async look() {
    const peakBytes = peakRss()
    const { heldBytes, rssBytes } = await settledMemory()
    const isForgotten = forgetPeak()
    return {
      peakBytes,
      heldBytes,
      rssBytes,
      isForgotten,
      offered: flows * spansOfFlow,
      dropped: await dropped(),
    }
  },
  async close() {
    clearInterval(timer)
    await telltale.shutdown()
    return { offered: flows * spansOfFlow, dropped: await dropped() }
  },
}
process.on('message', async (act) => process.send(await acts[act]()))
process.send({ ready: true })
