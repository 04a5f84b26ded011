import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Capture } from '../../test/support/capture.js'
import { getLogger, withContext } from '../index.js'
import { captureLogs } from './capture-logs.js'

const early = getLogger('early')

let out: Capture
beforeEach(() => void (out = new Capture({ log: { level: 'warning' } })))
afterEach(() => out.telltale.shutdown())

const names = (events: readonly { event: string }[]): string[] => events.map(({ event }) => event)

describe('captureLogs', () => {
  it('collects every event of every logger as it is written, and keeps it from the destinations', () => {
    using logs = captureLogs()
    withContext({ tenant_id: 't1' }, () => early.debug('prepared', { password: 'S3cret' }))
    getLogger('late').error('failed', { error: new Error('no good') })
    expect(logs.events).toEqual([
      expect.objectContaining({
        level: 'debug',
        logger: 'early',
        event: 'prepared',
        service: 'whole',
        tenant_id: 't1',
        password: '[REDACTED]',
      }),
      expect.objectContaining({ level: 'error', error: expect.objectContaining({ message: 'no good' }) }),
    ])
    expect(out.text).toBe('')
  })

  it('ends with its block or stop(), and keeps what it has', () => {
    const kept = (() => {
      using logs = captureLogs()
      early.info('inside')
      return logs
    })()
    early.error('outside')
    early.info('below the level')
    kept.stop()
    expect(names(kept.events)).toEqual(['inside'])
    expect(names(out.lines)).toEqual(['outside'])
    expect(early.isEnabled('info')).toBe(false)
  })

  it('lets through what it collects where asked to', () => {
    using logs = captureLogs({ print: true })
    early.info('seen')
    expect(names(logs.events)).toEqual(['seen'])
    expect(names(out.lines)).toEqual(['seen'])
  })

  it('collects from a level on', () => {
    using logs = captureLogs({ level: 'error' })
    expect(early.isEnabled('info')).toBe(false)
    early.warning('unseen')
    early.critical('seen')
    expect(names(logs.events)).toEqual(['seen'])
    expect(out.text).toBe('')
  })

  it('may stand in another: each collects, the latest decides about printing', () => {
    using outer = captureLogs()
    early.info('before')
    {
      using inner = captureLogs({ print: true, level: 'info' })
      early.info('within')
      early.debug('debugged')
      expect(names(inner.events)).toEqual(['within'])
    }
    early.info('after')
    expect(names(outer.events)).toEqual(['before', 'within', 'debugged', 'after'])
    expect(names(out.lines)).toEqual(['within', 'debugged'])
  })

  it('may end in any order', () => {
    const outer = captureLogs()
    const inner = captureLogs()
    outer.stop()
    early.debug('within')
    inner.stop()
    early.error('after')
    expect([names(outer.events), names(inner.events)]).toEqual([[], ['within']])
    expect(names(out.lines)).toEqual(['after'])
  })

  it('finds events by name and fields', () => {
    using logs = captureLogs()
    for (const n of [1, 2, 3]) early.info('counted', { n, odd: n % 2 === 1 })
    expect(logs.find('counted')).toMatchObject({ n: 1 })
    expect(logs.find('counted', { n: 2 })).toMatchObject({ n: 2 })
    expect(logs.find('counted', { n: 4 })).toBeUndefined()
    expect(logs.find('unheard_of')).toBeUndefined()
    expect(logs.all('counted').map(({ n }) => n)).toEqual([1, 2, 3])
    expect(logs.all('counted', { odd: true }).map(({ n }) => n)).toEqual([1, 3])
    logs.clear()
    expect(logs.events).toEqual([])
    early.info('again')
    expect(names(logs.events)).toEqual(['again'])
  })

  it('keeps the latest 10,000 events', () => {
    using logs = captureLogs()
    for (let n = 0; n < 10_005; n++) early.info('counted', { n })
    expect(logs.events).toHaveLength(10_000)
    expect([logs.events[0]!['n'], logs.events.at(-1)!['n']]).toEqual([5, 10_004])
  })

  it('goes on where setup() is called, or called again, meanwhile', async () => {
    using logs = captureLogs()
    await out.telltale.shutdown()
    out = new Capture({ log: { level: 'critical', keys: { level: 'severity', event: 'name' } } })
    early.debug('renamed')
    expect(logs.events.at(-1)).toMatchObject({ severity: 'debug', name: 'renamed' })
    expect(logs.find('renamed', { severity: 'debug' })).toBeDefined()
    expect(out.text).toBe('')
  })

  it('refuses a level that is none', () => {
    expect(() => captureLogs({ level: 'loud' as 'info' })).toThrow(
      'captureLogs(): level must be one of debug, info, warning, error, critical, got "loud".',
    )
  })
})
