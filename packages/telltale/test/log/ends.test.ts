import { afterEach, describe, expect, test } from 'vitest'
import { cleanUp, destinations, type Plan, upTo, Writing } from './writing.js'

afterEach(cleanUp)

/** The ways a process ends in which code still runs, and how each shows. */
const ends: readonly (readonly [string, Plan, { code: number | null; signal: NodeJS.Signals | null }])[] = [
  ['return', { way: 'return' }, { code: 0, signal: null }],
  ['process.exit() in the turn of the lines', { way: 'exit' }, { code: 3, signal: null }],
  ['process.exit() in a later turn', { way: 'later_exit' }, { code: 3, signal: null }],
  ['throw while the module loads', { way: 'throw' }, { code: 1, signal: null }],
  ['throw later', { way: 'later_throw' }, { code: 1, signal: null }],
  ['rejection', { way: 'reject' }, { code: 1, signal: null }],
  ['SIGTERM', { way: 'signal', signal: 'SIGTERM' }, { code: 0, signal: null }],
  ['SIGINT', { way: 'signal', signal: 'SIGINT' }, { code: 0, signal: null }],
  ['SIGHUP', { way: 'signal', signal: 'SIGHUP' }, { code: 0, signal: null }],
]

describe.each(destinations)('standard output is a %s:', (to) => {
  test.each(ends)('%s loses none of 1,000 lines', async (_name, plan, ended) => {
    const child = new Writing(plan, { to })
    expect(await child.ended).toEqual(ended)
    expect(child.numbers).toEqual(upTo(plan.way === 'later_throw' ? 1001 : 1000))
  })

  test.each([
    ['return', 0],
    ['exit', 3],
  ])('%s loses none of 50,000 lines', async (way, code) => {
    // Less than is kept for a reader that has not come to them yet.
    const child = new Writing({ way, count: 50_000, size: 100 }, { to })
    expect((await child.ended).code).toBe(code)
    expect(child.numbers).toEqual(upTo(50_000))
  })

  test('lines longer than what a pipe takes whole stay whole', async () => {
    const child = new Writing({ way: 'exit', count: 100, size: 9_000 }, { to })
    expect((await child.ended).code).toBe(3)
    expect(child.numbers).toEqual(upTo(100))
  })
})

describe.each(['fifo', 'socket'] as const)('a reader of a %s that comes late', (to) => {
  test.each(ends)('misses nothing: %s', async (_name, plan, ended) => {
    const setup = { log: { maxBlockMs: 0 } }
    const child = new Writing({ ...plan, setup, size: 1000 }, { to, late: true, saysFull: true })
    // What returns ends when all is written; all others have only their last act to write it in.
    await child.says(plan.way === 'return' ? 'full' : 'ending')
    child.read()
    expect(await child.ended).toEqual(ended)
    expect(child.numbers).toEqual(upTo(plan.way === 'later_throw' ? 1001 : 1000))
  })
})

describe.each(destinations)('to a %s, an end that runs no code', (to) => {
  const killed: readonly (readonly [string, readonly string[]])[] = [
    ['kill', []],
    ['abort', []],
    ['heap', ['--max-old-space-size=20']],
  ]
  test.each(killed)('%s loses lines below error of the last turn at most', async (way, node) => {
    const child = new Writing({ way }, { to, node })
    const { signal } = await child.ended
    expect(signal).toBe(way === 'kill' ? 'SIGKILL' : 'SIGABRT')
    const arrived = child.numbers
    expect(arrived).toEqual(upTo(arrived.length))
    expect(arrived.length).toBeGreaterThan(1000)
    expect(child.lines.find((line) => line['n'] === 1000)?.level).toBe('error')
  })
})
