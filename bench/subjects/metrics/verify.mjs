import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { peers } from './clients.mjs'
import { kinds } from './series.mjs'

const program = fileURLToPath(new URL('verify-case.mjs', import.meta.url))
const series = 300

/** Nobody is measured broken: given the same, every client exposes the same samples of the same series. */
export async function verify() {
  const expected = await samplesOf('telltale')
  const lines = Object.values(kinds).reduce((sum, kind) => sum + series * kind.lines, 0)
  assert.equal(expected.size, lines, `Telltale exposes ${expected.size} samples, not ${lines}.`)
  for (const peer of peers) {
    const samples = await samplesOf(peer)
    for (const [sample, value] of expected) {
      // Sums of floats depend on nothing but their order, which is the same.
      assert.equal(samples.get(sample), value, `${peer}: ${sample} is ${samples.get(sample)}, not ${value}.`)
    }
    assert.equal(samples.size, expected.size, `${peer} exposes other samples than Telltale.`)
  }
}

async function samplesOf(client) {
  const child = startChild(program, [client])
  const { samples } = await child.next(30_000)
  await child.stop()
  return new Map(samples)
}
