import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { droppedCounts } from '../../self/dropped.js'
import { until } from '../../../test/support/until.js'
import { FdSink } from './fd.js'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fd-sink-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function lost(reason: string): number {
  for (const each of droppedCounts()) if (each.signal === 'log' && each.reason === reason) return each.count
  return 0
}

describe('FdSink', () => {
  it('writes the lines of one turn together, after it', async () => {
    const file = join(folder, 'log')
    const sink = new FdSink(openSync(file, 'a'), 'the test')
    sink.write('one\n', 'info')
    sink.write('zwei ä\n', 'info')
    expect(readFileSync(file, 'utf8')).toBe('')
    await until('the turn to end', () => readFileSync(file, 'utf8') === 'one\nzwei ä\n')
  })

  it('writes at once what is flushed or long', () => {
    const file = join(folder, 'log')
    const sink = new FdSink(openSync(file, 'a'), 'the test')
    sink.write('urgent\n', 'info')
    sink.flush()
    expect(readFileSync(file, 'utf8')).toBe('urgent\n')
    sink.write(`${'x'.repeat(20_000)}\n`, 'info')
    expect(readFileSync(file, 'utf8')).toHaveLength(20_008)
  })

  it('keeps what a full pipe does not take, in order, until it does', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK)
    const sink = new FdSink(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK), 'the test')
    const line = (n: number): string => `${String(n).padStart(7, '0')}\n`
    const count = 50_000
    for (let n = 0; n < count; n++) sink.write(line(n), 'info')
    let text = ''
    const bytes = Buffer.alloc(65_536)
    await until('every line', () => {
      try {
        text += bytes.toString('utf8', 0, readSync(reader, bytes))
      } catch {
        // Empty for now.
      }
      return text.length === count * 8
    })
    expect(text).toBe(Array.from({ length: count }, (_, n) => line(n)).join(''))
    closeSync(reader)
  })

  it('drops and counts lines for a closed pipe, and throws nothing', () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK)
    const sink = new FdSink(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK), 'the test')
    closeSync(reader)
    const before = lost('closed')
    sink.write('a\n', 'info')
    sink.write('b\n', 'info')
    sink.flush()
    sink.write('c\n', 'info')
    sink.flush()
    expect(lost('closed') - before).toBe(3)
  })

  it('bounds what waits for a pipe that nobody reads', () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK)
    const sink = new FdSink(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK), 'the test')
    const before = lost('full')
    const chunk = `${'x'.repeat(1_048_575)}\n`
    for (let n = 0; n < 20; n++) sink.write(chunk, 'info')
    expect(lost('full') - before).toBeGreaterThanOrEqual(3)
    closeSync(reader)
    sink.flush()
  })
})
