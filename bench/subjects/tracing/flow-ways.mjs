export const names = ['load_answers', 'score_answers', 'store_result']

/** Every way in which a flow is measured; `isSetUp` is false where nobody has called `setup()`. */
export const ways = {
  plain: { title: 'a flow of three steps', goal: 15 },
  declared: { title: 'a declared flow of three steps' },
  attempts: { title: 'a flow of three steps with attempts' },
  unconfigured: { title: 'a flow of three steps, setup() not called', isSetUp: false },
}

/** Flows of a way, none of which does anything: `run(fields)` resolves at its end. */
export function flowOf(way, { flow }) {
  const options = way === 'attempts' ? { attempts: 3, backoffMs: 50 } : undefined
  const steps = async (f) => {
    const rows = await f.step(names[0], nothing, options)
    const score = await f.step(names[1], nothing, options)
    return [rows, score, await f.step(names[2], nothing, options)]
  }
  if (way === 'declared') {
    const retake = flow.define('retake', { steps: names })
    return (fields) => retake(fields, steps)
  }
  return (fields) => flow('retake', fields, steps)
}

/** What remains of it where nobody traces: the loop's own cost, which is subtracted. */
export async function bareFlow(fields) {
  const rows = await nothing()
  const score = await nothing()
  return [fields, rows, score, await nothing()]
}

async function nothing() {
  return undefined
}
