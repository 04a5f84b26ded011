import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Capture } from '../../test/support/capture.js'
import { gate, until } from '../../test/support/until.js'
import { Check, errorText } from './check.js'
import { type CheckFunction, type CheckOptions, checkSettings } from './options.js'

let check: Check
let log: Capture
beforeEach(() => void (log = new Capture()))
afterEach(async () => {
  check.stop()
  await log.telltale.shutdown()
})

function made(fn: CheckFunction, options: CheckOptions = {}): Check {
  check = new Check('dependency', fn, checkSettings('dependency', options))
  return check
}

function started(fn: CheckFunction, options: CheckOptions = { timeoutMs: 10, intervalMs: 5 }): Check {
  made(fn, options).start()
  return check
}

/** A check whose next answers are given one by one; the last one goes on. */
function answering(...answers: boolean[]): { readonly fn: CheckFunction; readonly asked: () => number } {
  let asked = 0
  return { fn: () => answers[Math.min(asked++, answers.length - 1)], asked: () => asked }
}

const never = (): Promise<never> => new Promise(() => undefined)

describe('a check that hangs', () => {
  it('is not started again until it ends, and then at once', async () => {
    const { opened, open } = gate()
    let calls = 0
    let aborted = 0
    started((signal) => {
      signal.addEventListener('abort', () => aborted++)
      return ++calls === 1 ? opened : true
    })
    await until('it has timed out', () => check.status === 'timeout')
    expect([calls, aborted]).toEqual([1, 1])
    const before = performance.now()
    await until('many intervals are over', () => performance.now() - before > 60)
    expect([calls, check.status]).toEqual([1, 'timeout'])
    expect(check.hungMs).toBeGreaterThan(60)
    open()
    await until('it is well', () => check.status === 'ok')
    expect(check.hungMs).toBeUndefined()
  })

  it('is said to hang, once', async () => {
    started(never, { timeoutMs: 5, intervalMs: 5 })
    await until('it is said', () => log.events('health_check_hung').length > 0)
    expect(log.one('health_check_hung')).toMatchObject({
      level: 'warning',
      check: 'dependency',
      critical: true,
    })
    expect(log.one('health_check_failed')).toMatchObject({ status: 'timeout' })
  })

  it('that obeys its signal is asked again', async () => {
    let calls = 0
    started((signal) =>
      ++calls === 1
        ? new Promise((_resolve, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason as Error)),
          )
        : true,
    )
    await until('it is well', () => check.status === 'ok')
    expect(calls).toBeGreaterThan(1)
  })

  it('from before a stop neither answers for the time after it nor runs beside it', async () => {
    const { opened, open } = gate()
    let calls = 0
    let atOnce = 0
    let most = 0
    started(
      async () => {
        most = Math.max(most, ++atOnce)
        if (++calls === 1) await opened.then(() => false)
        else await never()
        atOnce--
        return false
      },
      { timeoutMs: 60_000 },
    )
    check.stop()
    check.start()
    open()
    await until('it was asked anew', () => calls === 2)
    expect([most, check.status]).toEqual([1, 'pending'])
  })
})

describe('what an answer means', () => {
  const cases: [string, CheckFunction, string, string?][] = [
    ['nothing', () => undefined, 'ok'],
    ['null', () => null, 'ok'],
    ['a row', () => ({ rows: [1] }), 'ok'],
    ['false', () => false, 'error', 'the check returned false'],
    [
      'a response that is not ok',
      () => new Response('', { status: 503 }),
      'error',
      'the check returned status 503',
    ],
    ['a response that is ok', () => new Response(null, { status: 204 }), 'ok'],
    ['{ ok: false }', async () => ({ ok: false }), 'error', 'the check returned ok: false'],
    [
      'what throws when it is looked at',
      () => ({
        get ok(): never {
          throw new Error('no')
        },
      }),
      'error',
      'no',
    ],
    [
      'a thenable that rejects',
      () => ({ then: (_: unknown, no: (error: Error) => void) => no(new Error('not well')) }),
      'error',
      'not well',
    ],
    ['a rejection without a reason', () => Promise.reject(), 'error', 'undefined'],
  ]
  it.each(cases)('%s', async (_what, fn, status, text) => {
    started(fn, { intervalMs: 60_000 })
    await until('it answered', () => check.checkedAt !== null)
    expect(check.status).toBe(status)
    if (text !== undefined) expect(errorText(check.error)).toBe(text)
  })

  it('its text is screened and short, with the code where the message has none', () => {
    made(() => true)
    expect(errorText(new Error('password=hunter2 refused'))).toBe('password=[REDACTED] refused')
    expect(errorText(new Error('x'.repeat(10_000))).length).toBeLessThan(300)
    expect(errorText(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }))).toBe(
      'no answer (ETIMEDOUT)',
    )
    expect(
      errorText(Object.assign(new Error(''), { name: 'AggregateError', code: 'ECONNREFUSED' })),
    ).toContain('ECONNREFUSED')
  })
})

describe('thresholds', () => {
  const often = { intervalMs: 5, timeoutMs: 1000 }

  it('failures in succession make a passing check fail', async () => {
    const { fn, asked } = answering(true, false, false, true, false, false, false)
    const seen: string[] = []
    started((signal) => (seen.push(check.status), fn(signal)), { ...often, failureThreshold: 3 })
    await until('it failed', () => check.status === 'error')
    expect(asked()).toBe(7)
    expect(seen).toEqual(['pending', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'])
    expect(check.failures).toBe(3)
  })

  it('passes in succession make a failing check pass', async () => {
    const { fn, asked } = answering(false, true, false, true, true)
    started(fn, { ...often, successThreshold: 2 })
    await until('it passes', () => check.status === 'ok')
    expect(asked()).toBe(5)
  })

  it('the first answer counts at once', async () => {
    started(() => false, { intervalMs: 60_000, failureThreshold: 5, successThreshold: 5 })
    await until('it answered', () => check.checkedAt !== null)
    expect(check.status).toBe('error')
  })

  it('flapping below them is no event', async () => {
    let asked = 0
    started(() => ++asked % 2 === 1, { ...often, failureThreshold: 2 })
    await until('it flapped', () => asked > 20)
    expect(log.events('health_check_failed', 'health_check_recovered')).toEqual([])
  })

  it('a failure that does not count yet is looked into soon', async () => {
    const { fn, asked } = answering(true, false)
    started(fn, { intervalMs: 5, timeoutMs: 100, failureThreshold: 1_000_000 })
    await until('it was asked often', () => asked() > 5)
    expect([check.status, check.failures > 2]).toEqual(['ok', true])
  })
})

it('an answer that nothing confirms becomes stale, until the next one', async () => {
  started(() => true, { intervalMs: 5, timeoutMs: 20, staleAfterMs: 26 })
  await until('it passed', () => check.status === 'ok')
  const end = performance.now() + 60
  // Nothing runs meanwhile: the next answer is late, and is due as soon as somebody looks.
  while (performance.now() < end);
  expect([check.status, check.isBad]).toEqual(['stale', true])
  await until('it is asked again', () => check.status === 'ok')
  expect(log.events('health_check_failed')).toEqual([])
})

it('one that only the start waits for ends when it has passed, and stays what it was', async () => {
  const { fn, asked } = answering(false, false, true)
  started(fn, { intervalMs: 2, timeoutMs: 2, staleAfterMs: 5, groups: ['startup'] })
  await until('it passed', () => check.status === 'ok')
  const before = performance.now()
  await until('several intervals are over', () => performance.now() - before > 30)
  expect([asked(), check.status]).toEqual([3, 'ok'])
})

it('an answer that was there before its late time-out counts', async () => {
  let answered = (): void => undefined
  started(
    () =>
      new Promise<void>((resolve) => {
        answered = resolve
        // Runs in the poll after the block, when the time-out is long due.
        setImmediate(() => {
          const until = performance.now() + 60
          while (performance.now() < until);
          setImmediate(() => answered())
        })
      }),
    { timeoutMs: 20, intervalMs: 60_000 },
  )
  await until('it answered', () => check.checkedAt !== null)
  expect(check.status).toBe('ok')
})
