import { once } from 'node:events'
import { getEnvironmentData, Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { droppedCounts } from '../../self/dropped.js'
import { receiveFromWorkers } from './receive.js'
import { droppedAt, pendingAt, shareOf } from './shared.js'

/** A worker that counts characters as handed over and lines as dropped, and hands nothing over. */
function worker(handedOver: number, lost: number): Worker {
  const code = `
    const { getEnvironmentData, parentPort, threadId } = require('node:worker_threads')
    const cells = new Int32Array(getEnvironmentData('telltale').cells)
    Atomics.add(cells, ${pendingAt}, ${handedOver})
    Atomics.add(cells, ${shareOf(0)} + (threadId % 1023), ${handedOver})
    Atomics.add(cells, ${droppedAt}, ${lost})
    parentPort.postMessage('counted')
    parentPort.once('message', () => undefined)`
  return new Worker(code, { eval: true })
}

const countedAsDropped = (): number =>
  [...droppedCounts()].find(({ signal, reason }) => signal === 'log' && reason === 'full')?.count ?? 0

describe('receiveFromWorkers()', () => {
  it('gives back the room that a terminated worker took, and counts what it dropped', async () => {
    receiveFromWorkers({})
    const first = worker(500, 3)
    const second = worker(70, 0)
    await Promise.all([once(first, 'message'), once(second, 'message')])
    receiveFromWorkers({ set: 'anew' })
    const { cells } = getEnvironmentData('telltale') as unknown as { cells: SharedArrayBuffer }
    const pending = (): number => Atomics.load(new Int32Array(cells), pendingAt)
    expect(pending()).toBe(570)
    await first.terminate()
    expect(pending()).toBe(70)
    expect(countedAsDropped()).toBe(3)
    await second.terminate()
    expect(pending()).toBe(0)
  })
})
