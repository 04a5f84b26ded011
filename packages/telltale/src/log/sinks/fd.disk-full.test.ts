import type * as fs from 'node:fs'
import { beforeEach, expect, it, vi } from 'vitest'
import { droppedCounts } from '../../self/dropped.js'
import { FdSink } from './fd.js'

const disk = { text: '', room: 0 }

// A disk that takes what fits, in part if need be, and says ENOSPC when there is no room at all.
vi.mock('node:fs', async (original) => ({
  ...(await original<typeof fs>()),
  writeSync: (fd: number, bytes: Buffer) => {
    if (fd === 2) return bytes.length
    if (disk.room === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    const written = Math.min(disk.room, bytes.length)
    disk.text += bytes.toString('utf8', 0, written)
    disk.room -= written
    return written
  },
}))

beforeEach(() => Object.assign(disk, { text: '', room: 0 }))

function lost(): number {
  for (const { signal, reason, count } of droppedCounts())
    if (signal === 'log' && reason === 'disk_full') return count
  return 0
}

it('begins a new line after one of which a full disk took a part', () => {
  const sink = new FdSink(99)
  const before = lost()
  disk.room = 6
  sink.write('{"a":1}\n{"b":2}\n')
  sink.flush()
  sink.write('{"c":3}\n')
  sink.flush()
  disk.room = 1000
  sink.write('{"d":4}\n')
  sink.flush()
  sink.write('{"e":5}\n')
  sink.flush()
  expect(disk.text).toBe('{"a":1\n{"d":4}\n{"e":5}\n')
  expect(lost() - before).toBe(3)
})

it('adds no line where the disk took whole ones', () => {
  const sink = new FdSink(99)
  disk.room = 8
  sink.write('{"a":1}\n{"b":2}\n')
  sink.flush()
  disk.room = 1000
  sink.write('{"c":3}\n')
  sink.flush()
  expect(disk.text).toBe('{"a":1}\n{"c":3}\n')
})

it('ends a line of which only the newline is missing, and counts none as lost', () => {
  const sink = new FdSink(99)
  const before = lost()
  disk.room = 7
  sink.write('{"a":1}\n')
  sink.flush()
  disk.room = 1000
  sink.flush()
  expect(disk.text).toBe('{"a":1}\n')
  expect(lost() - before).toBe(0)
})
