import type * as fs from 'node:fs'
import { beforeEach, expect, it, vi } from 'vitest'
import { droppedCounts } from '../../self/dropped.js'
import { FdSink } from './fd.js'
import { lostLines } from './lost.js'
import { bounds } from './patience.js'

const disk = { text: '', room: 0 }

// A disk that takes what fits, in part if need be, and says ENOSPC when there is no room at all.
vi.mock('node:fs', async (original) => ({
  ...(await original<typeof fs>()),
  writeSync: (fd: number, bytes: Buffer, at = 0, length = bytes.length) => {
    if (fd === 2) return length
    if (disk.room === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    const written = Math.min(disk.room, length)
    disk.text += bytes.toString('utf8', at, at + written)
    disk.room -= written
    return written
  },
}))

beforeEach(() => {
  Object.assign(disk, { text: '', room: 0 })
  Object.assign(bounds, { maxBlockMs: 20, maxBufferBytes: 16 * 1024 * 1024 })
})

function lost(): number {
  for (const { signal, reason, count } of droppedCounts())
    if (signal === 'log' && reason === 'disk_full') return count
  return 0
}

it('keeps what a full disk did not take, in order and whole, until there is room', () => {
  const sink = new FdSink(99, 'the disk')
  const before = lost()
  disk.room = 6
  sink.write('{"a":1}\n', 'info')
  sink.write('{"b":2}\n', 'info')
  sink.flush()
  sink.write('{"c":3}\n', 'error')
  sink.flush()
  disk.room = 1000
  sink.write('{"d":4}\n', 'debug')
  sink.flush()
  expect(disk.text).toBe('{"a":1}\n{"b":2}\n{"c":3}\n{"d":4}\n')
  expect(lost() - before).toBe(0)
})

it('keeps so many bytes, and gives up the lowest level first', () => {
  const told = vi.fn<typeof lostLines.tell>()
  lostLines.tell = told
  bounds.maxBufferBytes = 10_000
  const sink = new FdSink(99, 'the disk')
  const before = lost()
  const line = (level: string, n: number): string => `${level} ${n}`.padEnd(99, '.') + '\n'
  for (let n = 0; n < 30; n++) {
    sink.write(line('info', n), 'info')
    sink.flush()
  }
  for (let n = 0; n < 3; n++) {
    sink.write(line('warning', n), 'warning')
    sink.flush()
  }
  sink.write(line('debug', 0), 'debug')
  sink.flush()
  expect(told).not.toHaveBeenCalled()
  disk.room = 1e6
  sink.flush()
  const lines = disk.text.split('\n').slice(0, -1)
  const kept = { info: 0, warning: 0, debug: 0 }
  for (const text of lines) kept[text.split(' ')[0] as keyof typeof kept]++
  expect(kept.warning).toBe(3)
  expect(kept.debug).toBe(0)
  expect(kept.info).toBeGreaterThan(2)
  expect(lines[0]).toMatch(/^info 0\./)
  expect(told.mock.calls).toEqual([['the disk', { debug: 1, info: 30 - kept.info }]])
  expect(lost() - before).toBe(31 - kept.info)
})

it('counts what a disk that stays full has lost at the end, once', () => {
  const sink = new FdSink(99, 'another disk')
  const before = lost()
  disk.room = 10
  for (let n = 0; n < 5; n++) sink.write(`{"n":${n}}\n`, 'info')
  sink.flushAndWait()
  sink.flushAndWait()
  // The second line was begun: it counts as lost.
  expect(disk.text).toBe('{"n":0}\n{"')
  expect(lost() - before).toBe(4)
})
