import { afterEach, describe, expect, it } from 'vitest'
import { getLogger } from '../index.js'
import { renderMetrics } from '../metrics/rendered.fixture.js'
import { Capture } from '../../test/support/capture.js'
import type { SetupOptions } from '../index.js'

let out: Capture

function start(log: SetupOptions['log'] = { level: 'debug' }): void {
  out = new Capture({ version: '1.4.0', instance: 'pod-1', log })
}
afterEach(() => out.telltale.shutdown())

describe('a line', () => {
  it('has its keys in order and its time in microseconds, never backwards', () => {
    start()
    for (let n = 0; n < 1000; n++) getLogger('app').info('tick', { n })
    const ticks = out.events('tick')
    expect(Object.keys(ticks[0]!)).toEqual([
      'timestamp',
      'level',
      'logger',
      'event',
      'service',
      'version',
      'environment',
      'instance',
      'n',
    ])
    const times = ticks.map((line) => String(line['timestamp']))
    expect(times[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    expect(times).toEqual([...times].sort())
  })

  it('writes the reserved keys under other names where a platform insists', () => {
    start({ keys: { level: 'severity', timestamp: 'time' } })
    getLogger('app').info('renamed', { severity: 'mine', level: 'free' })
    expect(out.one('renamed')).toMatchObject({ severity: 'info', severity_: 'mine', level: 'free' })
    expect(out.one('renamed')).toHaveProperty('time')
  })
})

describe('a logger', () => {
  it('has every level and its spellings', () => {
    start()
    const log = getLogger('app')
    for (const name of ['debug', 'info', 'warning', 'warn', 'error', 'critical', 'fatal'] as const)
      log[name](name)
    expect(out.lines.slice(-7).map(({ event, level }) => [event, level])).toEqual([
      ['debug', 'debug'],
      ['info', 'info'],
      ['warning', 'warning'],
      ['warn', 'warning'],
      ['error', 'error'],
      ['critical', 'critical'],
      ['fatal', 'critical'],
    ])
  })

  it('is quiet below its level, by name and prefix', () => {
    start({ level: 'warning, db=debug, db.pool=off' })
    expect(getLogger('app').isEnabled('info')).toBe(false)
    for (const name of ['app', 'db', 'db.query', 'dbx', 'db.pool']) getLogger(name).info('heard')
    expect(out.events('heard').map(({ logger }) => logger)).toEqual(['db', 'db.query'])
  })

  it('binds and unbinds fields without changing the logger it came from', () => {
    start()
    const log = getLogger('app')
    const math = log.bind({ skill_area: 'math', kind: 'a' })
    math.info('both', { kind: 'b' })
    math.unbind('skill_area').info('one')
    log.info('none')
    expect(out.one('both')).toMatchObject({ skill_area: 'math', kind: 'b' })
    expect(out.one('one')).not.toHaveProperty('skill_area')
    expect(out.one('none')).not.toHaveProperty('kind')
  })

  it('says by skip why work is not done, and returns undefined or the value given', () => {
    start()
    const log = getLogger('app')
    expect(log.skip('save_skipped', { reason: 'invalid' })).toBeUndefined()
    expect(log.skip('export_skipped', { reason: 'missing' }, null)).toBeNull()
    expect(out.one('save_skipped')).toMatchObject({ level: 'warning', reason: 'invalid' })
  })

  it('writes an error in full once, then in brief with the same fingerprint', () => {
    start()
    const log = getLogger('app')
    const error = new Error('outer', { cause: new Error('inner') })
    log.exception('first', error, { user_id: 'u' })
    log.error('second', { err: error })
    log.warning('third', { error: error.cause })
    expect(out.one('first')).toMatchObject({
      level: 'error',
      user_id: 'u',
      error: { cause: { message: 'inner' } },
    })
    expect(out.one('second')).toMatchObject({ error: { type: 'Error', message: 'outer' }, error_seen: true })
    expect(out.one('second')['error_fingerprint']).toBe(out.one('first')['error_fingerprint'])
    expect(out.one('third')).toMatchObject({ level: 'warning', error_seen: true })
    expect(out.text.match(/"stack"/g)).toHaveLength(2)
  })

  it('loses nothing of what people write by habit', () => {
    start()
    const log = getLogger('app') as unknown as Record<string, (...args: unknown[]) => void>
    log['error']!(new Error('alone'))
    log['error']!('with_error', new Error('second'))
    log['info']!('text', 'value')
    log['info']!({ user_id: 'u' }, 'pino style')
    log['info']!(undefined)
    expect(out.one('error')).toMatchObject({ error: { message: 'alone' } })
    expect(out.one('with_error')).toMatchObject({ error: { message: 'second' } })
    expect(out.one('text')).toMatchObject({ value: 'value' })
    expect(out.events('event_without_name')[0]).toMatchObject({ user_id: 'u', value: 'pino style' })
  })

  it('keeps what exception() is given in another order', () => {
    start()
    const log = getLogger('app') as unknown as Record<'exception', (...args: unknown[]) => void>
    log.exception(new Error('alone'))
    log.exception({ error: new Error('in fields') }, { user_id: 'u' })
    log.exception('swapped', { user_id: 'u' }, new Error('last'))
    expect(out.events('error').map((line) => (line['error'] as { message: string }).message)).toEqual([
      'alone',
      'in fields',
    ])
    expect(out.one('swapped')).toMatchObject({ user_id: 'u', error: { message: 'last' } })
  })

  it('counts its events by level and name', () => {
    start()
    getLogger('app').info('counted_event')
    getLogger('app').info('counted_event')
    expect(renderMetrics()).toContain('log_events_total{level="info",event="counted_event"} 2\n')
  })
})

it.each([undefined, { sample: { odd_event: 1 } }])(
  'counts an event once whose fields throw, case %#',
  (options) => {
    start(options)
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const count = (): number =>
      Number(/log_events_total\{level="info",event="odd_event"\} (\d+)/.exec(renderMetrics())?.[1] ?? 0)
    const before = count()
    getLogger('app').info('odd_event', proxy)
    expect(out.events('odd_event')).toHaveLength(1)
    expect(count() - before).toBe(1)
  },
)

describe('exception', () => {
  it('has its error, however many fields come with it', () => {
    start()
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`field_${n}`, n]))
    getLogger('app').exception('failed', new Error('refused'), { ...many, error: 'of the caller' })
    expect(out.one('failed')['error']).toMatchObject({ type: 'Error', message: 'refused' })
  })

  it.each([
    [undefined, { type: 'Undefined', message: 'undefined' }],
    [null, { type: 'Null', message: 'null' }],
    ['a text', { type: 'String', message: 'a text' }],
    [
      { message: 'refused', code: 7 },
      { type: 'Object', message: 'refused' },
    ],
    [{ password: 'hunter2' }, { type: 'Object', message: '{"password":"[REDACTED]"}' }],
  ])('writes %j, thrown, as a record', (thrown, record) => {
    start()
    getLogger('app').exception('failed', thrown)
    expect(out.one('failed')).toMatchObject({
      error: record,
      error_fingerprint: expect.any(String) as string,
    })
  })
})

it('cuts a name as it cuts texts', () => {
  const capture = new Capture()
  getLogger('g'.repeat(100_000)).info('named')
  expect(capture.one('named')['logger']).toMatch(/^g{256}…\(\+99744 chars\)$/)
  return capture.telltale.shutdown()
})
