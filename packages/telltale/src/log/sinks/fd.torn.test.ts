import type * as fs from 'node:fs'
import { beforeEach, expect, it, vi } from 'vitest'
import { droppedCounts } from '../../self/dropped.js'
import { FdSink } from './fd.js'
import { lostLines } from './lost.js'
import { bounds } from './patience.js'

/** What each descriptor has been given, and for how much more it has room. */
const taken = new Map<number, { text: string; room: number }>()

vi.mock('node:fs', async (original) => ({
  ...(await original<typeof fs>()),
  writeSync: (fd: number, bytes: Buffer, at = 0, length = bytes.length) => {
    if (fd === 2) {
      said.push(String(bytes))
      return length
    }
    const to = taken.get(fd)!
    if (to.room === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    const written = Math.min(to.room, length)
    to.text += bytes.toString('utf8', at, at + written)
    to.room -= written
    return written
  },
}))

const said: string[] = []

class Movable extends FdSink {
  move(fd: number): void {
    this.redirect(fd)
  }
}

function lost(): number {
  let sum = 0
  for (const { signal, count } of droppedCounts()) if (signal === 'log') sum += count
  return sum
}

const line = (n: number): string => `{"n":${n}}\n`
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_each, i) => line(from + i)).join('')

beforeEach(() => {
  taken.clear()
  said.length = 0
  lostLines.tell = vi.fn<typeof lostLines.tell>()
  Object.assign(bounds, { maxBlockMs: 0, maxBufferBytes: 100_000 })
})

// A line is eight bytes: the disk fills up at each place of three lines.
it.each(Array.from({ length: 25 }, (_each, room) => room))(
  'a file that was full after %i bytes leaves to the next one what it did not take whole',
  (room) => {
    taken.set(90, { text: '', room })
    taken.set(91, { text: '', room: Infinity })
    const sink = new Movable(90, 'a file')
    const before = lost()
    for (let n = 0; n < 3; n++) sink.write(line(n), n === 1 ? 'warning' : 'info')
    sink.flush()
    sink.move(91)
    sink.write(line(3), 'info')
    sink.flush()
    const whole = Math.floor(room / 8)
    expect(taken.get(90)!.text).toBe(lines(0, 3).slice(0, room))
    expect(taken.get(91)!.text).toBe(lines(whole, 4))
    expect(lost() - before).toBe(0)
    expect(lostLines.tell).not.toHaveBeenCalled()
  },
)

it('room that comes in small parts is used to the last byte, and no line is written twice', () => {
  const disk = { text: '', room: 0 }
  taken.set(90, disk)
  const sink = new Movable(90, 'a file')
  sink.write(lines(0, 9), 'info')
  sink.flush()
  while (disk.text.length < 72) {
    disk.room = 5
    sink.flush()
  }
  sink.write(line(9), 'info')
  disk.room = 100
  sink.flush()
  expect(disk.text).toBe(lines(0, 10))
})

it('what is lost at the end is said with what was dropped before', () => {
  bounds.maxBufferBytes = 1500
  taken.set(90, { text: '', room: 4 })
  const sink = new Movable(90, 'a small file')
  const before = lost()
  for (let n = 0; n < 50; n++) {
    sink.write(line(n), n % 2 === 0 ? 'info' : 'warning')
    sink.flush()
  }
  expect(lost() - before).toBeGreaterThan(0)
  sink.flushAndWait()
  expect(taken.get(90)!.text).toBe('{"n"')
  expect(lost() - before).toBe(50)
  expect(said.join('')).toContain('50 log lines for a small file could not be written at the end')
})
