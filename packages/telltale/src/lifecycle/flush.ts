import { sinksToSettle } from '../log/deliver.js'
import { reportOnce } from '../self/report.js'
import { exitsToFlush } from './exits.js'
import { lifecycle } from './settings.js'
import { within } from './within.js'

/** All that holds something hands it on, within `ms`; who does not is named on stderr. Never rejects. */
export async function flushAll(ms: number): Promise<void> {
  const sinks = sinksToSettle().map((sink) => ({ name: sink.name, flush: () => sink.settle() }))
  const all = [...sinks, ...exitsToFlush()]
  const late: string[] = []
  await Promise.all(
    all.map(async (each) => {
      if (!(await within(ms, () => each.flush()))) late.push(each.name)
    }),
  )
  if (late.length === 0) return
  reportOnce(
    'flush',
    `${late.join(', ')}: left with what waited there, for it was not done within ${lifecycle.flushTimeoutMs} ms (lifecycle.flushTimeoutMs).`,
  )
}
