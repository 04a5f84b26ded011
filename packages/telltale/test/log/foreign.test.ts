import { afterEach, describe, expect, test } from 'vitest'
import { until } from '../support/until.js'
import { cleanUp, upTo, Writing } from './writing.js'

afterEach(cleanUp)

describe('a pipe that may not be opened again', () => {
  // Named: else the format is chosen by what process.stdout is, and Node makes it non-blocking once it is touched.
  const sinks = [{ stream: 'stdout' as const }]
  const how = { to: 'fifo', isForeign: true, late: true, saysFull: true } as const

  test.each([
    ['return', 0],
    ['exit', 3],
    ['throw', 1],
  ])('is written without loss all the same: %s', async (way, code) => {
    const child = new Writing({ way, size: 1000, setup: { log: { sinks } } }, how)
    // It has found no room, so it does not block.
    await child.says('full')
    if (way !== 'return') await child.says('ending')
    child.read()
    expect((await child.ended).code).toBe(code)
    expect(child.numbers).toEqual(upTo(1000))
  })

  test("does no harm to the app's own output", async () => {
    const child = new Writing({ way: 'beside', count: 5000, size: 300 }, how)
    await child.says('full')
    child.read()
    expect((await child.ended).code).toBe(0)
    expect(child.numbers).toEqual(upTo(5000))
    expect(child.lines.filter((line) => 'own' in line).map((line) => line['own'])).toEqual(upTo(500))
  })

  test('does not keep a process whose reader never goes on', async () => {
    const child = new Writing({ way: 'exit', count: 5000, setup: { log: { sinks } } }, how)
    await until('the process ends', () => child.hasExited)
    child.read()
    expect((await child.ended).code).toBe(3)
    expect(child.numbers).toEqual(upTo(child.numbers.length))
  })
})
