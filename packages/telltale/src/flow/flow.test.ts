import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { flow, getLogger, withContext } from '../index.js'
import { renderMetrics } from '../metrics/rendered.fixture.js'
import { Capture } from '../../test/support/capture.js'
import { until } from '../../test/support/until.js'
import { openFlows } from './open.js'

const log = getLogger('work')
let out: Capture

beforeEach(() => {
  out = new Capture({ log: { level: 'debug' } })
})
afterEach(() => out.telltale.shutdown())

describe('a flow', () => {
  it('says that it started, each step, and how it ended, under one flow_id', async () => {
    const result = await flow('import', { batch: 7 }, async (f) => {
      const rows = await f.step('read', () => [1, 2])
      log.info('between')
      await f.step('write', async () => log.info('inside', { rows }))
      return rows.length
    })
    expect(result).toBe(2)
    expect(out.lines.map(({ event }) => event).slice(-6)).toEqual([
      'import_flow_started',
      'import_flow_step',
      'between',
      'inside',
      'import_flow_step',
      'import_flow_completed',
    ])
    const ids = new Set(out.lines.slice(-6).map(({ flow_id }) => flow_id))
    expect([...ids]).toEqual([expect.stringMatching(/^import-[0-9a-f]{12}$/)])
    expect(out.one('inside')).toMatchObject({ batch: 7, step: 'write', step_index: 2 })
    expect(out.one('between')).not.toHaveProperty('step')
    const spans = ['between', 'inside'].map((event) => out.one(event)['span_id'])
    expect(spans[0]).not.toBe(spans[1])
    expect(out.one('import_flow_completed')).toMatchObject({
      level: 'info',
      last_step: 'write',
      duration_ms: expect.any(Number) as number,
      steps: [
        { step: 'read', outcome: 'completed', attempts: 1 },
        { step: 'write', outcome: 'completed', attempts: 1 },
      ],
    })
  })

  it('fails with what its step threw: in full at the step, in brief after', async () => {
    const broken = new Error('disk on fire')
    const failing = flow('export', async (f) => {
      await f.step('open', () => 1)
      await f.step('write', () => Promise.reject(broken))
    })
    await expect(failing).rejects.toBe(broken)
    const step = out.one('export_flow_step_failed')
    expect(step).toMatchObject({ level: 'warning', step: 'write', attempts: 1, will_retry: false })
    expect(step['error']).toHaveProperty('stack')
    const end = out.one('export_flow_failed')
    expect(end).toMatchObject({ level: 'error', last_step: 'write', error_seen: true })
    expect(end['error']).toEqual({ type: 'Error', message: 'disk on fire' })
    expect(end['error_fingerprint']).toBe(step['error_fingerprint'])
  })

  it('tries a step again as often as allowed', async () => {
    let tries = 0
    await flow('retrying', (f) =>
      f.step('flaky', () => (++tries < 3 ? Promise.reject(new Error(`try ${tries}`)) : tries), {
        attempts: 3,
        backoffMs: 1,
      }),
    )
    expect(out.events('retrying_flow_step_failed').map(({ will_retry }) => will_retry)).toEqual([true, true])
    expect(out.one('retrying_flow_step')).toMatchObject({ attempts: 3, outcome: 'completed' })
  })

  it('runs steps in parallel, each with its own context', async () => {
    await flow('parallel', (f) =>
      Promise.all(
        ['a', 'b', 'c'].map((name) => f.step(name, async () => (await null, log.info(`in_${name}`)))),
      ),
    )
    for (const name of ['a', 'b', 'c']) expect(out.one(`in_${name}`)).toMatchObject({ step: name })
    expect(out.one('parallel_flow_completed')['steps']).toHaveLength(3)
  })

  it('keeps the trace of the context it started in', async () => {
    await withContext({ tenant_id: 't' }, () => flow('inner', (f) => f.step('one', () => log.info('traced'))))
    expect(out.one('traced')).toMatchObject({
      tenant_id: 't',
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    })
  })

  it('says that a step has stalled, again as it ages, and not once it is done', async () => {
    let release = (): void => undefined
    const slow = flow('slow', (f) =>
      f.step('wait', () => new Promise<void>((resolve) => (release = resolve)), { expectMs: 5 }),
    )
    await until('two stalls', () => out.events('slow_flow_stalled').length >= 2)
    release()
    await slow
    expect(out.events('slow_flow_stalled')[0]).toMatchObject({ level: 'warning', step: 'wait', expect_ms: 5 })
    expect(out.lines.at(-1)).toMatchObject({ event: 'slow_flow_completed' })
  })

  it('that is open when the process drains is waited for', async () => {
    let release = (): void => undefined
    const open = flow('job', (f) => f.step('one', () => new Promise<void>((resolve) => (release = resolve))))
    const down = out.telltale.shutdown()
    await until('the drain has begun', () => out.events('shutdown_started').length > 0)
    setTimeout(release, 5)
    await Promise.all([open, down])
    expect(out.one('shutdown_completed')).not.toHaveProperty('cut')
    expect(out.one('job_flow_completed')).toMatchObject({ last_step: 'one' })
  })

  it('is interrupted by a shutdown that can’t wait, once', async () => {
    await out.telltale.shutdown()
    out = new Capture({ lifecycle: { drainTimeoutMs: 20 } })
    let release = (): void => undefined
    const open = flow('open', (f) =>
      f.step('hang', () => new Promise<void>((resolve) => (release = resolve))),
    )
    await out.telltale.shutdown()
    release()
    await open
    expect(out.one('open_flow_interrupted')).toMatchObject({
      level: 'warning',
      steps: [{ step: 'hang', outcome: 'running' }],
    })
    expect(out.events('open_flow_completed')).toEqual([])
    expect([...openFlows()]).toEqual([])
  })

  it('says the age of a step that still runs when the flow fails', async () => {
    let release = (): void => undefined
    const failing = flow('partial', async (f) => {
      const hanging = f.step('hang', () => new Promise<void>((resolve) => (release = resolve)), {
        expectMs: 5,
      })
      await until('it is 5 ms old', () => out.events('partial_flow_stalled').length > 0)
      await f.step('break', () => Promise.reject(new Error('no')))
      await hanging
    })
    await expect(failing).rejects.toThrow('no')
    release()
    const steps = out.one('partial_flow_failed')['steps'] as { outcome: string; duration_ms: number }[]
    expect(steps.map(({ outcome }) => outcome)).toEqual(['running', 'failed'])
    expect(steps[0]!.duration_ms).toBeGreaterThan(0)
  })

  it('counts and measures', async () => {
    await flow('measured', (f) => f.step('one', () => 1))
    await expect(flow('measured', () => Promise.reject(new Error('x')))).rejects.toThrow()
    const text = renderMetrics()
    expect(text).toContain('flow_duration_seconds_count{flow="measured",outcome="completed"} 1\n')
    expect(text).toContain('flow_duration_seconds_count{flow="measured",outcome="failed"} 1\n')
    expect(text).toContain('flow_step_duration_seconds_count{flow="measured",step="one"} 1\n')
    expect(text).toContain('flows_in_progress{flow="measured"} 0\n')
  })

  it('runs under a name that is not snake_case, written as one that is', async () => {
    expect(await flow('Send Mail!', () => 1)).toBe(1)
    expect(out.one('send_mail_flow_completed')['flow_id']).toMatch(/^send_mail-/)
  })

  it.each([
    [5n, 'flow'],
    [Symbol('tag'), 'symbol_tag'],
    [Object.create(null), 'flow'],
    [{ toString: () => { throw new Error('no') } }, 'flow'], // prettier-ignore
    [undefined, 'undefined'],
    ['é', 'flow'],
  ])('runs under a name that is no text, case %#', async (name: unknown, written) => {
    expect(await flow(name as string, () => 1)).toBe(1)
    expect(out.one(`${written}_flow_completed`)).toMatchObject({ flow: written })
  })

  it.each([
    5,
    null,
    Symbol('s'),
    Object.create(null),
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no')
        },
      },
    ),
  ])(
    // prettier-ignore
    'runs with fields that are none, case %#',
    async (fields: unknown) => {
      expect(await flow('odd', fields as object, () => 1)).toBe(1)
      expect(out.one('odd_flow_completed')).toMatchObject({ flow: 'odd' })
    },
  )

  it('rejects like any promise when its function throws at once or is none', async () => {
    await expect(flow('sync', () => { throw new Error('at once') })).rejects.toThrow('at once') // prettier-ignore
    await expect(flow('none', undefined as never)).rejects.toThrow(TypeError)
  })
})

describe('a declared flow', () => {
  const retake = flow.define('retake', {
    steps: ['load', 'clear', 'enable'],
    expectMs: { clear: 500 },
    stepLevel: 'info',
  })

  it('tells its progress', async () => {
    await retake({ user_id: 'u' }, async (f) => {
      await f.step('load', () => 1)
      await f.step('clear', () => 1)
    })
    expect(out.events('retake_flow_step').map(({ progress, level }) => [progress, level])).toEqual([
      ['1/3', 'info'],
      ['2/3', 'info'],
    ])
    expect(out.one('retake_flow_completed')).toMatchObject({ progress: '2/3', user_id: 'u' })
  })

  it('refuses a bad definition with what is wrong', () => {
    expect(() => flow.define('Bad Name', { steps: ['a'] })).toThrow(/snake_case/)
    expect(() => flow.define(5n as never, { steps: ['a'] })).toThrow(/flow\.define\(5\): .*snake_case/)
    expect(() => flow.define('x', { steps: 5n as never })).toThrow(/at least one step name, got 5\./)
    expect(() => flow.define('x', { steps: ['a'], stepLevel: 5n as never })).toThrow(/stepLevel.*got 5\./)
    expect(() => flow.define('x', { steps: [] })).toThrow(/at least one step/)
    expect(() => flow.define('x', { steps: ['a', 'a'] })).toThrow(/listed twice/)
    expect(() => flow.define('x', { steps: ['a'], expectMs: { b: 1 } as never })).toThrow(/names "b"/)
    expect(() => flow.define('x', { steps: ['a'], stepLevel: 'loud' as never })).toThrow(/stepLevel/)
  })
})

it('a flow without its function says what is missing', async () => {
  const given = flow as unknown as (...args: unknown[]) => Promise<unknown>
  const message = 'flow("retake"): the last argument must be a function, got undefined.'
  await expect(given('retake')).rejects.toThrow(message)
  await expect(given('retake', {})).rejects.toThrow(TypeError)
})
