import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Scope } from '../context/scope.js'
import { Gate, gates, setGates } from './gate.js'
import { critical, debug, error, info, warning } from './levels.js'

let now = 1_000_000

beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  gates.suppressed.clear()
})
afterEach(() => {
  vi.restoreAllMocks()
  setGates(undefined, {})
  gates.suppressed.clear()
})

function passed(gate: Gate, count: number, level = info): number {
  return Array.from({ length: count }, () => gate.admit(level, undefined)).filter((share) => share > 0).length
}

function inTrace(traceId: string): Scope {
  return new Scope(undefined, 'request', { traceId })
}

/** Ids spread evenly over all there are, in the part that decides. */
function traceIds(count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const part = Math.floor((n / count) * 2 ** 32)
    return `4bf92f3577b34da6a3ce929d${part.toString(16).padStart(8, '0')}`
  })
}

describe('the flood guard', () => {
  it('lets a burst through, then as many as the seconds bring, and never more than a burst', () => {
    setGates({ perSecond: 2, burst: 5 }, {})
    const gate = new Gate('cache_hit')
    expect(passed(gate, 20)).toBe(5)
    now += 499
    expect(passed(gate, 20)).toBe(0)
    now += 1
    expect(passed(gate, 20)).toBe(1)
    now += 1500
    expect(passed(gate, 20)).toBe(3)
    now += 3_600_000
    expect(passed(gate, 20)).toBe(5)
    expect(gates.suppressed).toEqual(new Map([['cache_hit', 15 + 20 + 19 + 17 + 15]]))
  })

  it('keeps fractions of a token, however often it is asked', () => {
    setGates({ perSecond: 1, burst: 1 }, {})
    const gate = new Gate('cache_hit')
    expect(passed(gate, 1)).toBe(1)
    let through = 0
    for (let i = 0; i < 1000; i++) {
      now += 10
      through += passed(gate, 1)
    }
    expect(through).toBeGreaterThanOrEqual(9)
    expect(through).toBeLessThanOrEqual(10)
  })

  it('has ten seconds as its burst where none is given, and one event at least', () => {
    setGates({ perSecond: 3 }, {})
    expect(passed(new Gate('a'), 100)).toBe(30)
    setGates({ perSecond: 0.01 }, {})
    expect(passed(new Gate('b'), 100)).toBe(1)
  })

  it('has a bucket for each name', () => {
    setGates({ perSecond: 1, burst: 2 }, {})
    expect([new Gate('a'), new Gate('b')].map((gate) => passed(gate, 9))).toEqual([2, 2])
  })

  it.each(['request_completed', 'request_aborted', 'retake_flow_started', 'a_flow_b_flow_failed'])(
    'never limits %s',
    (name) => {
      setGates({ perSecond: 1, burst: 1 }, { [name]: 0 })
      expect(passed(new Gate(name), 50)).toBe(50)
    },
  )

  it.each(['requests_counted', 'my_request_completed', 'flow_started', 'overflow_met'])(
    'limits %s, which only looks like what it never limits',
    (name) => {
      setGates({ perSecond: 1, burst: 1 }, {})
      expect(passed(new Gate(name), 50)).toBe(1)
    },
  )

  it('never limits error and critical, and these take no token', () => {
    setGates({ perSecond: 1, burst: 3 }, {})
    const gate = new Gate('refused')
    expect(passed(gate, 50, error)).toBe(50)
    expect(passed(gate, 50, critical)).toBe(50)
    expect([debug, info, warning, warning].map((level) => passed(gate, 1, level))).toEqual([1, 1, 1, 0])
  })

  it('is decided anew where the options change', () => {
    setGates({ perSecond: 1, burst: 1 }, {})
    const gate = new Gate('a')
    expect(passed(gate, 9)).toBe(1)
    setGates({ perSecond: 1, burst: 4 }, {})
    expect(passed(gate, 9)).toBe(4)
    setGates(undefined, {})
    expect(passed(gate, 9)).toBe(9)
  })

  it('asks for a summary once a period, at the first suppression', () => {
    const summarise = vi.spyOn(gates, 'summarise').mockImplementation(() => undefined)
    setGates({ perSecond: 1, burst: 1 }, {})
    passed(new Gate('a'), 3)
    passed(new Gate('b'), 3)
    expect(summarise).toHaveBeenCalledTimes(1)
    gates.suppressed.clear()
    now += 1
    passed(new Gate('c'), 3)
    expect(summarise).toHaveBeenCalledTimes(2)
  })
})

describe('sampling', () => {
  it('chooses traces whole, whatever the name', () => {
    setGates(undefined, { cache_hit: 0.3, 'poll_*': 0.3 })
    const [hit, poll] = [new Gate('cache_hit'), new Gate('poll_done')]
    for (const id of traceIds(500)) {
      const scope = inTrace(id)
      const shares = [hit, poll, hit, poll].map((gate) => gate.admit(info, scope))
      expect(new Set(shares).size).toBe(1)
      expect([0, 0.3]).toContain(shares[0])
    }
  })

  it.each([0.001, 0.01, 0.1, 0.5, 0.999])('of evenly spread traces passes a share of %d', (rate) => {
    setGates(undefined, { cache_hit: rate })
    const gate = new Gate('cache_hit')
    const through = traceIds(10_000).filter((id) => gate.admit(info, inTrace(id)) > 0)
    expect(Math.abs(through.length - rate * 10_000)).toBeLessThanOrEqual(1)
  })

  it('a trace that a low share passes, a higher one passes too', () => {
    setGates(undefined, { rare: 0.1, common: 0.4 })
    const [rare, common] = [new Gate('rare'), new Gate('common')]
    for (const id of traceIds(200)) {
      const scope = inTrace(id)
      if (rare.admit(info, scope) > 0) expect(common.admit(info, scope)).toBe(0.4)
    }
  })

  it('chooses at random outside of a trace', () => {
    setGates(undefined, { cache_hit: 0.25 })
    const gate = new Gate('cache_hit')
    const random = vi.spyOn(Math, 'random')
    expect([0, 0.249, 0.25, 0.99].map((value) => (random.mockReturnValue(value), passed(gate, 1)))).toEqual([
      1, 1, 0, 0,
    ])
  })

  it('of 0 passes none, of 1 all, and the others say their share', () => {
    setGates(undefined, { none: 0, all: 1, half: 0.5 })
    const lowest = inTrace('0'.repeat(31) + '1')
    const highest = inTrace('f'.repeat(32))
    const admitted = (name: string): number[] =>
      [lowest, highest].map((scope) => new Gate(name).admit(info, scope))
    expect(admitted('none')).toEqual([0, 0])
    expect(admitted('all')).toEqual([1, 1])
    expect(admitted('half')).toEqual([0.5, 0])
    expect(admitted('other')).toEqual([1, 1])
  })

  it('takes the name itself first, else the longest pattern', () => {
    setGates(undefined, {
      '*': 0.5,
      'poll_*': 0.4,
      'poll_db_*': 0.3,
      poll_db_done: 0.2,
      'poll_db_do*': 0.1,
      'a*b': 0,
    })
    const lowest = inTrace('0'.repeat(31) + '1')
    const rate = (name: string): number => new Gate(name).admit(info, lowest)
    expect(rate('poll_db_done')).toBe(0.2)
    expect(rate('poll_db_down')).toBe(0.1)
    expect(rate('poll_db_x')).toBe(0.3)
    expect(rate('poll_')).toBe(0.4)
    expect(rate('poll')).toBe(0.5)
    // A star elsewhere is a name like any other.
    expect(rate('aXb')).toBe(0.5)
    expect(rate('constructor')).toBe(0.5)
  })

  it('never leaves out error and critical, and says of them no share', () => {
    setGates(undefined, { '*': 0 })
    expect([error, critical].map((level) => new Gate('refused').admit(level, undefined))).toEqual([1, 1])
  })

  it('comes before the flood guard: what it leaves out takes no token and is no flood', () => {
    setGates({ perSecond: 1, burst: 2 }, { half: 0.5 })
    const gate = new Gate('half')
    const shares = traceIds(10).map((id) => gate.admit(info, inTrace(id)))
    expect(shares).toEqual([0.5, 0.5, 0, 0, 0, 0, 0, 0, 0, 0])
    expect(gates.suppressed).toEqual(new Map([['half', 3]]))
  })
})
