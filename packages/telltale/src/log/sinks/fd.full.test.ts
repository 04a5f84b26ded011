import fc from 'fast-check'
import type * as fs from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { droppedCounts } from '../../self/dropped.js'
import { type Level, levels } from '../levels.js'
import { FdSink } from './fd.js'
import { lostLines } from './lost.js'
import { bounds } from './patience.js'

const pipe = { text: '', room: 0, code: 'EAGAIN' }
const said: string[] = []
let waited = 0

vi.mock('node:fs', async (original) => ({
  ...(await original<typeof fs>()),
  writeSync: (fd: number, bytes: Buffer, at = 0, length = bytes.length) => {
    if (fd === 2) {
      said.push(String(bytes))
      return length
    }
    if (pipe.room === 0) throw Object.assign(new Error('no room'), { code: pipe.code })
    const written = Math.min(pipe.room, length)
    pipe.text += bytes.toString('latin1', at, at + written)
    pipe.room -= written
    return written
  },
}))

let told: Record<string, number>[]

function lost(): number {
  let sum = 0
  for (const { signal, count } of droppedCounts()) if (signal === 'log') sum += count
  return sum
}

beforeEach(() => {
  Object.assign(pipe, { text: '', room: 0, code: 'EAGAIN' })
  Object.assign(bounds, { maxBlockMs: 20, maxBufferBytes: 1_000_000 })
  said.length = 0
  told = []
  lostLines.tell = (_destination, byLevel) => void told.push(byLevel)
  waited = 0
  vi.spyOn(performance, 'now').mockImplementation(() => 1000 + waited)
  vi.spyOn(Atomics, 'wait').mockImplementation((_cells, _at, _value, ms) => {
    waited += ms!
    return 'timed-out'
  })
})
afterEach(() => vi.restoreAllMocks())

const line = (n: number, size: number): string => `${String(n).padStart(6, '0')}${'x'.repeat(size)}\n`
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a full pipe', () => {
  it('is waited for for maxBlockMs and no longer, however much is logged', async () => {
    const sink = new FdSink(90, 'a pipe')
    for (let turn = 0; turn < 5; turn++) {
      for (let n = 0; n < 10_000; n++) sink.write(line(n, 100), 'info')
      sink.write(line(0, 100), 'error')
      sink.flush()
      await nextTurn()
    }
    expect(waited).toBe(20)
  })

  it('is waited for for a second where the event is critical', () => {
    const sink = new FdSink(90, 'a pipe')
    sink.write(line(0, 100), 'info')
    sink.write(line(1, 100), 'critical')
    sink.flush()
    expect(waited).toBe(1000)
    sink.write(line(2, 100), 'critical')
    sink.flush()
    expect(waited).toBe(1000)
  })

  it('is waited for for two seconds at the end, and what is lost then is counted and said', () => {
    const sink = new FdSink(90, 'a pipe that is full')
    bounds.maxBlockMs = 0
    const before = lost()
    pipe.room = 10
    for (let n = 0; n < 5; n++) sink.write(line(n, 0), 'info')
    sink.flushAndWait()
    expect(waited).toBe(2000)
    expect(lost() - before).toBe(4)
    expect(said.join('')).toContain('4 log lines for a pipe that is full could not be written')
  })

  it('that takes lines again within them loses none', () => {
    const sink = new FdSink(90, 'a pipe')
    const before = lost()
    vi.mocked(Atomics.wait).mockImplementation(() => {
      waited += 1
      if (waited > 1000) pipe.room = 7
      return 'timed-out'
    })
    for (let n = 0; n < 50; n++) sink.write(line(n, 0), 'info')
    sink.flushAndWait()
    expect(pipe.text).toBe(Array.from({ length: 50 }, (_each, n) => line(n, 0)).join(''))
    expect(lost() - before).toBe(0)
  })
})

describe('whatever comes and whenever there is room', () => {
  const write = fc.record({
    level: fc.constantFrom<Level[]>(...levels),
    size: fc.oneof(fc.nat(50), fc.nat(6000)),
    times: fc.integer({ min: 1, max: 5 }),
  })
  const act = fc.oneof(
    { weight: 3, arbitrary: write },
    { weight: 1, arbitrary: fc.nat(9000) },
    fc.constant('flush'),
  )

  it.each(['EAGAIN', 'ENOSPC'])('lines come out whole, once, in order; the lost are counted (%s)', (code) => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), fc.integer({ min: 3000, max: 40_000 }), (acts, max) => {
        Object.assign(pipe, { text: '', room: 0, code })
        Object.assign(bounds, { maxBlockMs: 0, maxBufferBytes: max })
        told = []
        const sink = new FdSink(90, 'a destination')
        const before = lost()
        const raised: { text: string; level: Level }[] = []
        for (const each of acts) {
          if (each === 'flush') sink.flush()
          else if (typeof each === 'number') pipe.room = each
          else
            for (let i = 0; i < each.times; i++) {
              const text = line(raised.length, each.size)
              raised.push({ text, level: each.level })
              sink.write(text, each.level)
            }
        }
        pipe.room = Infinity
        sink.flushAndWait()
        const out = pipe.text.split('\n').slice(0, -1)
        const arrived = new Set(out.map((text) => Number(text.slice(0, 6))))
        expect(pipe.text).toBe(
          raised
            .filter((_each, n) => arrived.has(n))
            .map(({ text }) => text)
            .join(''),
        )
        const byLevel: Record<string, number> = {}
        raised.forEach(({ level }, n) => {
          if (!arrived.has(n)) byLevel[level] = (byLevel[level] ?? 0) + 1
        })
        const sum: Record<string, number> = {}
        for (const each of told)
          for (const [level, n] of Object.entries(each)) sum[level] = (sum[level] ?? 0) + n
        expect(sum).toEqual(byLevel)
        expect(lost() - before).toBe(raised.length - out.length)
      }),
      { numRuns: 300 },
    )
  })
})
