import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writtenLines } from '../../harness/written-lines.mjs'
import { services } from './services.mjs'
import { byTrace, holdLines, holdShare, holdTrace } from './holds.mjs'
import { startReceiver, startService } from './processes.mjs'

const few = 20
const many = 2000

/**
 * Nobody is measured who does less: the same bodies from all, the same spans, records and lines of each request, and a
 * tenth of the traces. Throws where one differs; resolves to a sentence that says what was held.
 */
export async function verify(rate) {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-bench-'))
  const { receiver, port } = await startReceiver()
  try {
    let expected
    for (const [name, { title, spans = 0, records = 0, lines = 0 }] of Object.entries(services)) {
      const file = join(folder, name)
      const whole = await asked({ name, receiver, port, rate: 1, times: few, file })
      expected ??= whole.bodies
      assert.deepEqual(whole.bodies, expected, `${title} answers something else than the others.`)
      assert.equal(whole.count.spans, few * spans, `${title}: ${whole.count.spans} spans of ${few} requests.`)
      // Further lines are its own, about the process.
      assert(whole.count.records >= few * records, `${title}: ${whole.count.records} records.`)
      // What a service says about itself has no trace.
      const written = await writtenLines(file, few * lines, ({ trace_id }) => trace_id !== undefined)
      holdLines(written, few, lines, title)
      if (spans === 0) continue
      for (const traced of byTrace(whole.spans, 'traceId')) holdTrace(traced, title)

      const part = await asked({ name, receiver, port, rate, times: many, file })
      holdShare({ title, spans, rate, answered: many, count: part.count })
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  await receiver.stop()
  return `same bodies, the same six spans a request, ${rate * 100} % of the traces and all of each, as many lines as it says`
}

/** Asks a service of its own so many times and ends it; what the receiver has got by then. */
async function asked({ name, receiver, port, rate, times, file }) {
  await receiver.ask('forget')
  const fd = openSync(file, 'w')
  const { child, port: at } = await startService(name, port, rate, fd)
  closeSync(fd)
  const bodies = []
  for (let index = 0; index < times; index += few)
    bodies.push(...(await Promise.all(Array.from({ length: few }, (_, i) => post(at, index + i)))))
  await child.ask('close')
  await child.stop()
  const count = await receiver.ask('count')
  return { bodies, count, ...(rate === 1 && (await receiver.ask('spans'))) }
}

async function post(port, index) {
  const res = await fetch(`http://127.0.0.1:${port}/assessments/a_${index}/retake`, { method: 'POST' })
  assert.equal(res.status, 200)
  return res.text()
}
