import { answerMarks } from '../../harness/measured.mjs'

export const secretToken = 'tok_bench_5f0c2a77d91b'

/** What a request would have put into the context. */
export const context = {
  tenant_id: '0b9f5c1e-6d1f-4c9e-9a51-0e6c7f2b8d34',
  method: 'POST',
  path: '/assessments/a_204/answers',
}

const ids = Array.from({ length: 1024 }, (_, index) => [`u_${index}`, `a_${index}`])
const name = 'answer_saved'

/**
 * Runs one case. `log(event, fields)` is what is measured, with a fresh object each time as a call in a service has.
 * With `verify` it writes 1,000 events and says so; with `measure` it writes until it is
 * stopped, giving the event loop its turn after every 10 events, as a few requests would: an asynchronous writer that
 * never gets a turn only gathers lines, and its writing would be missing from what it costs.
 */
export async function runCase(log) {
  let events = 0
  const batch = () => {
    for (let i = 0; i < 10; i++) {
      const [user_id, assessment_id] = ids[events++ & 1023]
      log(name, { user_id, assessment_id, nested: { a: { token: secretToken }, b: [1, 2, 3] } })
    }
  }
  if (process.argv[2] === 'verify') {
    while (events < 1000) batch()
    // The channel stays open, and with it the process, until its lines have been read.
    process.on('message', () => {})
    process.send({ written: events })
    return
  }
  answerMarks(() => events)
  const end = performance.now() + 400
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  while (performance.now() < end) {
    batch()
    await turn()
  }
  process.send({ warm: true })
  for (;;) {
    batch()
    await turn()
  }
}
