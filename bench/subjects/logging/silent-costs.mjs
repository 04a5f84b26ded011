import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { compare } from '../../harness/verdict.mjs'

const here = (file) => fileURLToPath(new URL(file, import.meta.url))

/** Events that write nothing: at a disabled level beside pino's, and kept by the recorder beside one that is written. */
export async function silentCosts({ runs, warmMs, spanMs, times }, say) {
  const disabled = []
  const recorded = []
  for (let run = 0; run < runs; run++) {
    say(`events that write nothing: run ${run + 1} of ${runs}`)
    const telltale = await once('disabled-case.mjs', ['telltale', times])
    const pino = await once('disabled-case.mjs', ['pino', times])
    disabled.push([{ telltale: telltale.nanoseconds, pino: pino.nanoseconds }])
    const { suppressed, emitted } = await once('recorder-case.mjs', [warmMs, spanMs])
    recorded.push([{ telltale: suppressed, emitted }])
  }
  return [
    compare({
      name: 'a disabled level, the recorder off',
      unit: 'ns CPU',
      groups: disabled,
      better: 'less',
      against: 'pino',
      goal: 1,
      note: 'its literal included, an empty loop subtracted; 0.5 is the least that is told',
    }),
    compare({
      name: 'a suppressed debug event, the recorder on, beside an emitted one',
      unit: 'µs CPU',
      groups: recorded,
      better: 'less',
      against: 'emitted',
      goal: 5,
      note: 'inside one request; the emitted event goes to /dev/null',
    }),
  ]
}

async function once(program, args) {
  const child = startChild(here(program), args.map(String))
  const result = await child.next(60_000)
  await child.stop()
  return result
}
