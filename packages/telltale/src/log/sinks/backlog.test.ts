import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { levels } from '../levels.js'
import { Backlog, type Piece } from './backlog.js'

const piece = (level: number, size: number, events = 1): Piece => ({
  level,
  bytes: Buffer.alloc(size),
  events,
})

function all(backlog: Backlog): Piece[] {
  const pieces: Piece[] = []
  for (let next = backlog.shift(); next !== undefined; next = backlog.shift()) pieces.push(next)
  return pieces
}

// What one piece of so many bytes costs.
const cost = (size: number): number => {
  const backlog = new Backlog()
  backlog.push(piece(0, size), Infinity)
  return backlog.bytes
}

describe('Backlog', () => {
  it('gives back in the order of coming, whatever the level', () => {
    const backlog = new Backlog()
    const order = [1, 3, 0, 2, 1, 4, 0].map((level, i) => piece(level, i))
    for (const each of order) backlog.push(each, 1e6)
    expect(all(backlog).map(({ bytes }) => bytes.length)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(backlog.bytes).toBe(0)
  })

  it('loses the lowest level first, of it what came last', () => {
    const backlog = new Backlog()
    const max = 4 * cost(100)
    backlog.push(piece(1, 100, 1), max)
    backlog.push(piece(0, 100, 2), max)
    backlog.push(piece(0, 100, 4), max)
    backlog.push(piece(1, 100, 8), max)
    expect(backlog.push(piece(3, 100, 16), max)).toBe(4)
    expect(backlog.push(piece(3, 100, 32), max)).toBe(2)
    expect(backlog.push(piece(3, 100, 64), max)).toBe(8)
    expect(backlog.push(piece(1, 100, 128), max)).toBe(128)
    expect(backlog.takeLost()).toEqual({ debug: 6, info: 136 })
    expect(backlog.takeLost()).toBeUndefined()
    expect(all(backlog).map(({ events }) => events)).toEqual([1, 16, 32, 64])
  })

  it('keeps what came first of equals', () => {
    const backlog = new Backlog()
    const max = 2 * cost(100)
    for (const events of [1, 2, 4]) backlog.push(piece(2, 100, events), max)
    expect(all(backlog).map(({ events }) => events)).toEqual([1, 2])
  })

  it('counts everything as lost when it is cleared', () => {
    const backlog = new Backlog()
    for (const level of [0, 1, 1, 4]) backlog.push(piece(level, 10, 3), 1e6)
    expect(backlog.clear()).toBe(12)
    expect(backlog.bytes).toBe(0)
    expect(backlog.takeLost()).toEqual({ debug: 3, info: 6, critical: 3 })
  })

  it('whatever comes and goes: within the bound, in order, and no event uncounted', () => {
    const max = 20 * cost(50)
    const act = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ level: fc.nat(levels.length - 1), size: fc.nat(400), events: fc.nat(9) }),
      },
      { weight: 1, arbitrary: fc.constant(undefined) },
    )
    fc.assert(
      fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
        const backlog = new Backlog()
        let came = 0
        let left = 0
        let gone = 0
        const order = new Map<Buffer, number>()
        let last = -1
        const check = (taken: Piece | undefined): void => {
          if (taken === undefined) return
          left += taken.events
          const at = order.get(taken.bytes)!
          expect(at).toBeGreaterThan(last)
          last = at
        }
        for (const each of acts) {
          if (each === undefined) {
            check(backlog.shift())
            continue
          }
          const { level, size, events } = each
          const next = piece(level, size, events)
          order.set(next.bytes, order.size)
          came += events
          const fits = backlog.hasRoom(size, level, max)
          const lost = backlog.push(next, max)
          gone += lost
          if (!fits) expect(lost).toBe(events)
          expect(backlog.bytes).toBeLessThanOrEqual(max)
        }
        for (const taken of all(backlog)) check(taken)
        expect(left + gone).toBe(came)
        const said = Object.values(backlog.takeLost() ?? {}).reduce((sum, each) => sum + each, 0)
        expect(said).toBe(gone)
      }),
    )
  })

  it('keeps the order of a hundred thousand, giving back its own room on the way', () => {
    const backlog = new Backlog()
    for (let n = 0; n < 100_000; n++) backlog.push(piece(n % 5, 1, n), 1e9)
    expect(all(backlog).map(({ events }) => events)).toEqual(Array.from({ length: 100_000 }, (_each, n) => n))
  })
})
