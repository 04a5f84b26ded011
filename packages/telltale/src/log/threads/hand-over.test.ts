import { BroadcastChannel, threadId } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { until } from '../../../test/support/until.js'
import { lostLines } from '../sinks/lost.js'
import { bounds } from '../sinks/patience.js'
import { HandOver } from './hand-over.js'
import { channelOf, createCells, droppedAt, pendingAt, shareOf, slotOf } from './shared.js'

const former = lostLines.tell
let buffer: SharedArrayBuffer
let cells: Int32Array
let other: BroadcastChannel
let messages: unknown[]
let written: string[]
let handOver: HandOver

const listen = (): void => void Atomics.store(cells, slotOf(threadId), threadId)

beforeEach(() => {
  Object.assign(bounds, { maxBlockMs: 20, maxBufferBytes: 1000 })
  buffer = createCells()
  cells = new Int32Array(buffer)
  // A worker's id is never that of the main thread, where tests may run.
  Atomics.store(cells, slotOf(threadId), -1)
  messages = []
  other = new BroadcastChannel(channelOf(threadId))
  other.onmessage = (message: unknown) => void messages.push((message as { data: unknown }).data)
  written = []
  handOver = new HandOver(buffer, () => ({ write: (text, level) => void written.push(`${level} ${text}`) }))
})
afterEach(() => {
  other.close()
  lostLines.tell = former
  bounds.maxBufferBytes = 16_777_216
})

describe('HandOver', () => {
  it('hands over the lines of one turn together, with their levels, and counts their characters', async () => {
    listen()
    handOver.write('one\n', 'info')
    handOver.write('two\n', 'error')
    await until('the message', () => messages.length > 0)
    expect(messages).toEqual([['one\n', 1, 'two\n', 3]])
    expect(Atomics.load(cells, pendingAt)).toBe(8)
    expect(Atomics.load(cells, shareOf(threadId))).toBe(8)
  })

  it('hands over at once what is flushed', () => {
    listen()
    handOver.write('one\n', 'error')
    handOver.flush()
    expect(Atomics.load(cells, pendingAt)).toBe(4)
  })

  it('goes on handing over when another thread has taken its mark', async () => {
    listen()
    handOver.write('one\n', 'info')
    handOver.flush()
    Atomics.store(cells, slotOf(threadId), threadId + 1023)
    handOver.write('two\n', 'info')
    handOver.flushAndWait()
    await until('both messages', () => messages.length === 2)
    expect(written).toEqual([])
  })

  it('gives its lines to the other sink where nobody comes to listen', async () => {
    handOver.write('one\n', 'info')
    handOver.flush()
    expect(written).toEqual([])
    await until('they are written', () => written.length > 0)
    expect(written).toEqual(['info one\n'])
  })

  it('does the same at the end, and leaves nothing out', () => {
    handOver.write('one\n', 'warning')
    handOver.flushAndWait()
    expect(written).toEqual(['warning one\n'])
  })

  it('drops the lowest levels first, counts them for the other thread and says so once it has caught up', async () => {
    const told = vi.fn<typeof former>()
    lostLines.tell = told
    listen()
    const line = `${'x'.repeat(99)}\n`
    for (const level of ['debug', 'info', 'warning', 'error'] as const)
      for (let n = 0; n < 10; n++) handOver.write(line, level)
    handOver.flush()
    await until('the message', () => messages.length > 0)
    const levels = (messages[0] as unknown[]).filter((each) => typeof each === 'number')
    expect(levels).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 2, 3])
    expect(Atomics.load(cells, droppedAt)).toBe(30)
    expect(told).not.toHaveBeenCalled()
    Atomics.sub(cells, pendingAt, 1000)
    await until('it is said', () => told.mock.calls.length > 0)
    expect(told.mock.calls).toEqual([['the writing thread', { debug: 3, info: 9, warning: 9, error: 9 }]])
  })
})
