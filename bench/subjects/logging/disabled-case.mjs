// A call at a disabled level: ns CPU, the event's literal included, an empty loop over the same ids subtracted.
import { endWithParent } from '../../harness/leash.mjs'
import { ids, name } from './event.mjs'

endWithParent()
const [, , which, times] = process.argv
const count = Number(times)

// Each loop is a function of its own, and so compiled for its logger alone.
const loops = {
  async telltale() {
    const { getLogger, setup } = await import('telltale')
    setup({ service: 'assessments', version: '1.4.0', log: { recorder: false } })
    const log = getLogger('assessments')
    return () => {
      for (let i = 0; i < count; i++) {
        const [user_id, assessment_id] = ids[i & 1023]
        log.debug(name, { user_id, assessment_id, nested: { a: { token: 'x' }, b: [1, 2, 3] } })
      }
    }
  },
  async pino() {
    const { pino } = await import('pino')
    const log = pino()
    return () => {
      for (let i = 0; i < count; i++) {
        const [user_id, assessment_id] = ids[i & 1023]
        log.debug({ user_id, assessment_id, nested: { a: { token: 'x' }, b: [1, 2, 3] } }, name)
      }
    }
  },
}

let length = 0
function empty() {
  for (let i = 0; i < count; i++) {
    const [user_id, assessment_id] = ids[i & 1023]
    length += user_id.length + assessment_id.length
  }
}

function nanoseconds(loop) {
  const start = process.cpuUsage()
  loop()
  const { user, system } = process.cpuUsage(start)
  return ((user + system) * 1000) / count
}

const loop = await loops[which]()
for (let i = 0; i < 3; i++) for (const each of [loop, empty]) each()
const costs = []
for (let i = 0; i < 5; i++) costs.push(nanoseconds(loop) - nanoseconds(empty))
costs.sort((a, b) => a - b)
// Less than this can't be told from nothing, and a ratio of such is none.
process.send({ nanoseconds: Math.max(0.5, costs[2]), length })
