// flow-case.mjs WAY WARM_MS SPAN_MS: µs of CPU time for each flow, the loop around it subtracted.
import { setImmediate as turn } from 'node:timers/promises'
import { flow, renderMetrics, setup } from 'telltale'
import { endWithParent } from '../../harness/leash.mjs'
import { sampleName, samplesOf, textOf } from '../metrics/samples.mjs'
import { bareFlow, flowOf, names, ways } from './flow-ways.mjs'

endWithParent()
const [, , way] = process.argv
const [warmMs, spanMs] = process.argv.slice(3).map(Number)
const { isSetUp = true } = ways[way]
// As many in a turn of the event loop as a few requests would begin.
const inTurn = 10

let lines = 0
const sink = {
  write(text) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++
  },
}
if (isSetUp) setup({ service: 'assessments', version: '1.4.0', log: { sinks: [sink] } })

const cpuMicros = () => {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** µs of CPU time for each, all threads: who leaves garbage pays for its collection. */
async function cost(run, ms) {
  const start = cpuMicros()
  let done = 0
  while (cpuMicros() < start + ms * 1000) {
    for (let index = 0; index < inTurn; index++) {
      const id = done++ & 1023
      await run({ user_id: `u_${id}`, assessment_id: `a_${id}` })
    }
    await turn()
  }
  return { micros: (cpuMicros() - start) / done, done }
}

const traced = flowOf(way, { flow })
await cost(bareFlow, warmMs / 4)
const warm = await cost(traced, warmMs)
const empty = await cost(bareFlow, spanMs / 4)
const measured = await cost(traced, spanMs)
const flows = warm.done + measured.done

// Two events of each flow have gone to the sink, and every flow and step is counted: else too little was measured.
const { chunks } = await renderMetrics({})
const samples = samplesOf(textOf(chunks), 'flow')
const counts = [
  [sampleName('flow_duration_seconds_count', { flow: 'retake', outcome: 'completed' }), flows],
  ...names.map((step) => [sampleName('flow_step_duration_seconds_count', { flow: 'retake', step }), flows]),
]
for (const [sample, should] of counts)
  if (samples.get(sample) !== should)
    throw new Error(`${sample} is ${samples.get(sample)} after ${should} flows.`)
if (isSetUp && lines !== 2 * flows) throw new Error(`${lines} lines were written of ${flows} flows.`)
process.send({ micros: measured.micros - empty.micros, empty: empty.micros })
