import { afterEach, describe, expect, it } from 'vitest'
import { gate, until } from '../../test/support/until.js'
import { Check, type CheckFunction } from './check.js'

let check: Check
afterEach(() => check.stop())

function started(fn: CheckFunction): Check {
  check = new Check('dependency', fn, { timeoutMs: 10, intervalMs: 5 })
  check.start()
  return check
}

const never = (): Promise<never> => new Promise(() => undefined)

describe('a check', () => {
  it('that hangs once is asked again and recovers', async () => {
    let calls = 0
    let timedOut = false
    started((signal) => {
      signal.addEventListener('abort', () => (timedOut = true))
      return ++calls === 1 ? never() : true
    })
    await until('the first has timed out', () => timedOut)
    await until('it is well', () => check.status === 'ok')
    await until('it goes on', () => calls > 3)
    expect(check.status).toBe('ok')
  })

  it('runs twice at once at most, and goes on when one of the two answers', async () => {
    const { opened, open } = gate()
    let calls = 0
    started(() => {
      calls++
      if (calls === 1) return opened
      return calls === 2 ? never() : true
    })
    await until('both have timed out', () => calls === 2 && check.status === 'timeout')
    const before = check.checkedAt!
    await until('several intervals are over', () => Date.now() - before > 50)
    expect(calls).toBe(2)
    open()
    await until('it is well', () => check.status === 'ok')
  })

  it('keeps the newer answer when an older run answers late', async () => {
    const { opened, open } = gate()
    let calls = 0
    started(() => (++calls === 1 ? opened.then(() => false) : true))
    await until('it is well', () => check.status === 'ok')
    open()
    await opened
    const at = calls
    let seen = new Set<string>()
    await until('it was asked again', () => (seen = seen.add(check.status)) && calls > at + 2)
    expect([...seen]).toEqual(['ok'])
  })

  it('does not take the answer of a run from before it was stopped', async () => {
    const { opened, open } = gate()
    let calls = 0
    check = new Check('dependency', () => (++calls === 1 ? opened.then(() => false) : never()), {
      timeoutMs: 60_000,
    })
    check.start()
    check.stop()
    check.start()
    open()
    await opened
    await new Promise((resolve) => setImmediate(resolve))
    expect([calls, check.status]).toEqual([2, 'pending'])
  })
})
