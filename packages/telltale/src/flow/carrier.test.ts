import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Carrier, flow, getLogger } from '../index.js'
import { Capture } from '../../test/support/capture.js'
import { renderMetrics } from '../metrics/rendered.fixture.js'

const log = getLogger('work')
const retake = flow.define('retake', { steps: ['load', 'clear', 'enable'] })
let out: Capture

beforeEach(() => {
  out = new Capture({ log: { level: 'debug' } })
})
afterEach(() => out.telltale.shutdown())

async function handedOff(): Promise<Carrier> {
  return await retake({ user_id: 'u_1' }, async (f) => {
    await f.step('load', () => 1)
    return f.handOff()
  })
}

describe('a flow that is handed off', () => {
  it('ends here without having completed, and goes on elsewhere under its id', async () => {
    const before = Date.now()
    const carrier = await handedOff()
    expect(carrier).toEqual({
      flow_id: out.one('retake_flow_started')['flow_id'],
      flow: 'retake',
      step_index: 1,
      steps_done: 1,
      started_at: expect.any(Number) as number,
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/) as string,
    })
    expect(Math.abs(carrier.started_at - before)).toBeLessThan(5000)
    expect(out.one('retake_flow_handed_off')).toMatchObject({
      level: 'info',
      progress: '1/3',
      user_id: 'u_1',
    })
    expect(out.events('retake_flow_completed')).toEqual([])
    expect(renderMetrics()).not.toContain('flow_duration_seconds_count{flow="retake"')

    const sent = JSON.parse(JSON.stringify(carrier)) as Carrier
    await flow.resume(retake, sent, async (f) => {
      expect(f.id).toBe(carrier.flow_id)
      await f.step('clear', () => log.info('elsewhere'))
      await f.step('enable', () => 1)
    })
    expect(out.one('retake_flow_resumed')).toMatchObject({
      level: 'info',
      step_index: 1,
      flow_id: carrier.flow_id,
    })
    expect(out.one('elsewhere')).toMatchObject({
      flow_id: carrier.flow_id,
      step: 'clear',
      step_index: 2,
      trace_id: carrier.traceparent.slice(3, 35),
    })
    expect(out.one('retake_flow_completed')).toMatchObject({ progress: '3/3' })
    expect(renderMetrics()).toContain('flow_duration_seconds_count{flow="retake",outcome="completed"} 1\n')
    expect(renderMetrics()).toContain('flows_in_progress{flow="retake"} 0\n')
  })

  it('is measured from its first start', async () => {
    const carrier = {
      flow_id: 'aged-0123456789ab',
      flow: 'aged',
      step_index: 0,
      started_at: Date.now() - 90_000,
    }
    await flow.resume('aged', JSON.stringify(carrier), () => undefined)
    expect(out.one('aged_flow_completed')['duration_ms']).toBeGreaterThan(89_000)
    expect(renderMetrics()).toContain(
      'flow_duration_seconds_bucket{flow="aged",outcome="completed",le="60"} 0\n',
    )
    expect(renderMetrics()).toContain('flow_duration_seconds_count{flow="aged",outcome="completed"} 1\n')
  })

  it('can be handed on again, and fails where it is', async () => {
    const first = await handedOff()
    const second = await flow.resume(retake, first, async (f) => {
      await f.step('clear', () => 1)
      return f.handOff()
    })
    expect(second).toMatchObject({ flow_id: first.flow_id, step_index: 2 })
    expect(Math.abs(second.started_at - first.started_at)).toBeLessThan(1000)
    const failing = flow.resume(retake, second, () => Promise.reject(new Error('late')))
    await expect(failing).rejects.toThrow('late')
    expect(out.one('retake_flow_failed')).toMatchObject({ flow_id: first.flow_id, progress: '2/3' })
  })

  it('counts on what was passed, not what was begun', async () => {
    const carrier = await retake(async (f) => {
      await f.step('load', () => Promise.reject(new Error('not now'))).catch(() => undefined)
      return f.handOff()
    })
    expect(carrier).toMatchObject({ step_index: 1, steps_done: 0 })
    await flow.resume(retake, carrier, (f) => f.step('clear', () => 1))
    expect(out.one('retake_flow_completed')).toMatchObject({ progress: '1/3' })
  })

  it('has failed where what comes after the hand-off throws', async () => {
    const failing = flow('queueing', async (f) => {
      f.handOff()
      throw new Error('the queue is full')
    })
    await expect(failing).rejects.toThrow('full')
    expect(out.events('queueing_flow_handed_off')).toEqual([])
    expect(out.one('queueing_flow_failed')).toBeDefined()
  })

  it('fits into a header', async () => {
    const text = JSON.stringify(await handedOff())
    expect(text).toMatch(/^[\x20-\x7e]{1,256}$/)
  })
})

describe('a carrier that can’t be followed', () => {
  const good = {
    flow_id: 'retake-0123456789ab',
    flow: 'retake',
    step_index: 1,
    steps_done: 1,
    started_at: Date.now() - 5000,
    traceparent: 'nonsense',
  }
  const hostile: unknown[] = [
    undefined,
    null,
    5,
    'no json',
    '"retake-0123456789ab"',
    'x'.repeat(5000),
    {},
    { ...good, flow_id: 'retake-0123456789AB' },
    { ...good, flow_id: 'retake-0123456789abc' },
    { ...good, flow_id: 'Retake-0123456789ab' },
    { ...good, flow_id: 'retake-0123456789ab\n' },
    { ...good, flow_id: `${'r'.repeat(65)}-0123456789ab` },
    { ...good, flow_id: 'other-0123456789ab' },
    { ...good, step_index: -1 },
    { ...good, step_index: 1.5 },
    { ...good, step_index: '1' },
    { ...good, step_index: 1e12 },
    { ...good, steps_done: 2 },
    { ...good, step_index: 9, steps_done: 4 },
    { ...good, steps_done: -1 },
    { ...good, started_at: 1 },
    { ...good, started_at: NaN },
    { ...good, started_at: '2026-01-01' },
    { ...good, started_at: Date.now() + 1e9 },
    new Proxy({}, { get: () => { throw new Error('no') } }), // prettier-ignore
  ]
  it.each(hostile)('starts the flow anew and says why, case %#', async (carrier) => {
    expect(await flow.resume(retake, carrier as never, (f) => f.step('load', () => f.id))).toMatch(/^retake-/)
    expect(out.one('retake_flow_carrier_refused')).toMatchObject({
      level: 'warning',
      flow_id: out.one('retake_flow_started')['flow_id'],
      reason: expect.any(String) as string,
    })
    expect(out.events('retake_flow_resumed')).toEqual([])
  })

  it('one without a trace that can be read is followed, in a trace of its own', async () => {
    await flow.resume('retake', good, () => log.info('here'))
    expect(out.one('here')).toMatchObject({
      flow_id: good.flow_id,
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    })
  })
})
