import { afterEach, describe, expect, test } from 'vitest'
import { until } from '../support/until.js'
import { cleanUp, upTo, Writing } from './writing.js'

afterEach(cleanUp)

const pipes = ['fifo', 'socket'] as const

// Named: else the format is chosen by what process.stdout is, and Node makes it non-blocking once it is touched.
const sinks = [{ stream: 'stdout' as const }]

type Counts = Record<string, number>

function said(child: Writing, what: string): string {
  return new RegExp(`${what} (.*)\n`).exec(child.stderr)![1]!
}

function arrived(child: Writing): Counts {
  const counts: Counts = {}
  for (const { event, level } of child.lines) if (event === 'line') counts[level] = (counts[level] ?? 0) + 1
  return counts
}

describe.each(pipes)('a reader of a %s that stands still', (to) => {
  test('costs lines of the lowest levels, and the lost are counted exactly and said once', async () => {
    const log = { level: 'debug', maxBufferBytes: 1_000_000, maxBlockMs: 0, sinks }
    const child = new Writing(
      { way: 'flood', count: 20_000, size: 200, hold: true, setup: { log } },
      { to, late: true },
    )
    // It has raised all of it: no call waited for the reader.
    await child.says('raised')
    const raised = JSON.parse(said(child, 'raised')) as Counts
    child.read()
    await until('the summary', () => child.text.includes('log_lines_dropped'))
    child.send('x')
    expect((await child.ended).code).toBe(0)
    const got = arrived(child)
    expect(got['error']).toBe(raised['error'])
    expect(got['warning']).toBe(raised['warning'])
    expect(got['info']).toBeLessThan(raised['info']!)
    const lost = child.numbers.length
    const summaries = child.lines.filter(({ event }) => event === 'log_lines_dropped')
    expect(summaries).toHaveLength(1)
    expect(summaries[0]).toMatchObject({
      level: 'warning',
      destination: 'standard output',
      count: 20_000 - lost,
      by_level: { debug: raised['debug']! - (got['debug'] ?? 0), info: raised['info']! - got['info']! },
    })
    expect(Number(said(child, 'dropped'))).toBe(20_000 - lost)
    expect(child.stderr.match(/are dropped, lowest level first/g)).toHaveLength(1)
    expect(child.numbers).toEqual(child.numbers.toSorted((a, b) => a - b))
  })
})

describe('a reader that never goes on', () => {
  test('does not keep a finished process, which says what it could not write', async () => {
    const child = new Writing(
      { way: 'return', count: 5000, setup: { log: { sinks } } },
      { to: 'fifo', late: true },
    )
    await until('the process ends', () => child.hasExited)
    child.read()
    expect((await child.ended).code).toBe(0)
    const there = child.numbers
    expect(there).toEqual(upTo(there.length))
    expect(there.length).toBeLessThan(5000)
    expect(child.stderr).toContain(
      `${5000 - there.length} log lines for standard output could not be written at the end of the process`,
    )
  })

  test('does not keep a process that exits', async () => {
    const child = new Writing(
      { way: 'exit', count: 5000, setup: { log: { sinks } } },
      { to: 'socket', late: true },
    )
    await until('the process ends', () => child.hasExited)
    child.read()
    expect((await child.ended).code).toBe(3)
    expect(child.numbers).toEqual(upTo(child.numbers.length))
    expect(child.stderr).toContain(`${5000 - child.numbers.length} log lines`)
  })
})

test('a reader that is slow gets everything', async () => {
  const child = new Writing(
    { way: 'return', count: 20_000, size: 200 },
    { to: 'fifo', late: true, saysFull: true },
  )
  await child.says('full')
  // Paused after each part that comes.
  child.readInParts()
  expect((await child.ended).code).toBe(0)
  expect(child.numbers).toEqual(upTo(20_000))
})

test("the app's own output beside the log stays whole, and so does the log", async () => {
  for (const to of pipes) {
    const child = new Writing({ way: 'beside', count: 5000, size: 300 }, { to, late: true, saysFull: true })
    await child.says('full')
    child.read()
    expect((await child.ended).code).toBe(0)
    expect(child.numbers).toEqual(upTo(5000))
    const own = child.lines.filter((line) => 'own' in line).map((line) => line['own'])
    expect(own).toEqual(upTo(500))
  }
})
