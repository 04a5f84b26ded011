import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { state } from '../../../test/support/slots.js'
import { bounds, criticalWaitMs, Patience } from './patience.js'

let now = 0
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Waits as long as it has patience; returns the milliseconds. */
function spend(patience: Patience, isCritical = false): number {
  const begun = now
  while (patience.wait(isCritical));
  return now - begun
}

beforeEach(() => {
  now = 0
  Object.assign(state<object>('log.waited'), { inTurn: 0, credit: Infinity, credited: 0 })
  bounds.maxBlockMs = 20
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  vi.spyOn(Atomics, 'wait').mockImplementation((_cells, _at, _value, ms) => {
    now += ms!
    return 'timed-out'
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  bounds.maxBlockMs = 20
})

describe('Patience', () => {
  it('lasts for maxBlockMs in a turn', () => {
    expect(spend(new Patience())).toBe(20)
  })

  it('is none where maxBlockMs is 0', () => {
    bounds.maxBlockMs = 0
    expect(spend(new Patience())).toBe(0)
    expect(Atomics.wait).not.toHaveBeenCalled()
  })

  it('is spent once, not once a turn, until the destination has taken everything', async () => {
    const patience = new Patience()
    spend(patience)
    await nextTurn()
    expect(spend(patience)).toBe(0)
    patience.restore()
    await nextTurn()
    now += 1000
    expect(spend(patience)).toBe(20)
  })

  it('holds a turn up once, however many destinations are full', () => {
    expect(spend(new Patience()) + spend(new Patience())).toBe(20)
  })

  it('of a reader that is always a little late takes a fiftieth of the time', async () => {
    const patience = new Patience()
    let waits = 0
    for (let turn = 0; turn < 200; turn++) {
      now += 100
      for (let n = 0; n < 10; n++) if (patience.wait(false)) waits++
      patience.restore()
      await nextTurn()
    }
    expect(waits).toBeGreaterThan(100)
    expect(waits / now).toBeLessThan(0.03)
  })

  it('is not renewed within a turn by a destination that takes a little again and again', () => {
    const patience = new Patience()
    for (let n = 0; n < 100; n++) {
      patience.wait(false)
      patience.restore()
    }
    expect(now).toBe(20)
  })

  it('is anew in each turn while the destination keeps up', async () => {
    const patience = new Patience()
    for (let turn = 1; turn <= 3; turn++) {
      for (let n = 0; n < 10; n++) patience.wait(false)
      patience.restore()
      await nextTurn()
      now += 1000
    }
    expect(now).toBe(3030)
  })

  it('is longer for a critical event, once', async () => {
    const patience = new Patience()
    expect(spend(patience)).toBe(20)
    expect(spend(patience, true)).toBe(criticalWaitMs - 20)
    await nextTurn()
    expect(spend(patience, true)).toBe(0)
    expect(spend(patience)).toBe(0)
    patience.restore()
    expect(spend(patience, true)).toBe(criticalWaitMs)
  })

  it('is as long for a critical event as for others where maxBlockMs is more', () => {
    bounds.maxBlockMs = 3000
    expect(spend(new Patience(), true)).toBe(3000)
  })
})
