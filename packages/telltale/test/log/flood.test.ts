import { afterEach, describe, expect, it, vi } from 'vitest'
import { flow, getLogger } from '../../src/index.js'
import { gates } from '../../src/log/gate.js'
import { Capture } from '../support/capture.js'
import { Child, endChildren } from '../support/child.js'
import { metric } from '../support/scrape.js'

const log = getLogger('app')
let out: Capture

function start(flood: { perSecond: number; burst?: number } = { perSecond: 0.0001, burst: 3 }): void {
  out = new Capture({ log: { flood } })
}

function summaries(): Record<string, number> {
  const lines = out.events('events_suppressed')
  return Object.fromEntries(lines.map((line) => [String(line['event_']), Number(line['count'])]))
}

afterEach(async () => {
  vi.useRealTimers()
  await out?.telltale.shutdown()
  endChildren()
})

describe('what is suppressed', () => {
  it('is summed up by name, exactly, and counted in the metrics all the same', async () => {
    start()
    const before = metric('log_events_total', { event: 'cache_hit' })
    for (let n = 0; n < 50; n++) log.info('cache_hit', { n })
    for (let n = 0; n < 5; n++) log.warning('cache_missed')
    log.info('seldom')
    await out.telltale.shutdown()
    expect(out.events('cache_hit').map(({ n }) => n)).toEqual([0, 1, 2])
    expect(summaries()).toEqual({ cache_hit: 47, cache_missed: 2 })
    expect(out.events('events_suppressed')[0]).toMatchObject({ level: 'warning', logger: 'telltale' })
    expect(metric('log_events_total', { event: 'cache_hit' }) - before).toBe(50)
  })

  it('is summed up every ten seconds while there is something to say', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    start()
    for (let n = 0; n < 10; n++) log.info('cache_hit')
    vi.advanceTimersByTime(9_999)
    expect(summaries()).toEqual({})
    vi.advanceTimersByTime(1)
    expect(summaries()).toEqual({ cache_hit: 7 })
    vi.advanceTimersByTime(60_000)
    expect(out.events('events_suppressed')).toHaveLength(1)
    for (let n = 0; n < 4; n++) log.info('cache_hit')
    vi.advanceTimersByTime(10_000)
    expect(out.events('events_suppressed').map(({ count }) => count)).toEqual([7, 4])
  })

  it.each(['exit', 'finish', 'throw', 'shutdown', 'sigterm'])('is told at the end by %s', async (way) => {
    const child = new Child('flood.mjs', [way])
    await child.ended
    const told = child.lines.filter(({ event }) => event === 'events_suppressed')
    expect(told.map((line) => [line['event_'], line['count']])).toEqual([
      ['cache_hit', 97],
      ['cache_missed', 7],
    ])
  })

  it('is never the end of a flow, an error, nor what Telltale says of itself', async () => {
    start({ perSecond: 0.0001, burst: 1 })
    for (let n = 0; n < 5; n++) {
      await flow('retake', () => undefined)
      log.error('refused')
      out.telltale.setLevel(n % 2 === 0 ? 'debug' : 'info')
    }
    const names = ['retake_flow_started', 'retake_flow_completed', 'refused', 'log_level_changed']
    expect(names.map((name) => out.events(name).length)).toEqual([5, 5, 5, 5])
  })
})

describe('more names than are counted', () => {
  const many = 3000

  it('share a bucket and a place in the summary', async () => {
    start({ perSecond: 0.0001, burst: 2 })
    for (let round = 0; round < 4; round++) for (let n = 0; n < many; n++) log.info(`name_${n}`)
    expect(gates.suppressed.size).toBeLessThanOrEqual(501)
    const written = out.lines.filter(({ event }) => event.startsWith('name_')).length
    await out.telltale.shutdown()
    const suppressed = Object.values(summaries()).reduce((sum, count) => sum + count, 0)
    expect(written + suppressed).toBe(4 * many)
    expect(summaries()['_overflow']).toBeGreaterThan(4 * (many - 501) - 3)
  })

  it('leave free what is never limited', () => {
    out = new Capture({ log: { flood: { perSecond: 0.0001, burst: 2 }, sample: { 'late_*': 0 } } })
    for (let n = 0; n < 600; n++) log.info(`name_${n}`)
    for (let n = 0; n < 5; n++) {
      log.info('late_retake_flow_started')
      log.info('request_completed')
      log.info(`checkout_flow_${'x'.repeat(300)}`)
    }
    expect(out.events('late_retake_flow_started', 'request_completed')).toHaveLength(10)
    expect(out.lines.filter(({ event }) => event.startsWith('checkout_flow_'))).toHaveLength(5)
  })

  it('are sampled by their own name', () => {
    out = new Capture({ log: { sample: { 'late_*': 0 } } })
    for (let n = 0; n < 600; n++) log.info(`name_${n}`)
    log.info('late_poll')
    log.info('other')
    expect(out.events('late_poll', 'other').map(({ event }) => event)).toEqual(['other'])
  })
})

it('under load loses count of nothing', async () => {
  start({ perSecond: 50, burst: 100 })
  const events = 200_000
  for (let n = 0; n < events; n++) {
    log.info(`busy_${n % 40}`)
    if (n % 20_000 === 0) await new Promise(setImmediate)
  }
  const written = out.lines.filter(({ event }) => event.startsWith('busy_')).length
  await out.telltale.shutdown()
  const suppressed = Object.values(summaries()).reduce((sum, count) => sum + count, 0)
  expect(written + suppressed).toBe(events)
  expect(written).toBeGreaterThanOrEqual(40 * 100)
  expect(Object.keys(summaries())).toHaveLength(40)
})
