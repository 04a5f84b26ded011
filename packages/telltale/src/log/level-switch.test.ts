import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Capture } from '../../test/support/capture.js'
import { getLogger } from '../index.js'
import { levelsNow, switchLevels } from './level-switch.js'
import { describeLevels } from './levels.js'

let out: Capture

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: Date.UTC(2030, 0, 1) })
  out = new Capture({ log: { level: 'info,db=warning' } })
})
afterEach(async () => {
  vi.useRealTimers()
  await out.telltale.shutdown()
})

function changes(): object[] {
  return out.events('log_level_changed').map(({ from, to, until }) => ({ from, to, until }))
}

const on = (logger: string): string[] =>
  (['debug', 'info', 'warning', 'error', 'critical'] as const).filter((level) =>
    getLogger(logger).isEnabled(level),
  )

describe('setLevel()', () => {
  it('changes what loggers write that are there and that are made later, and says so', () => {
    const log = getLogger('app')
    log.debug('before')
    out.telltale.setLevel('debug,db=error')
    log.debug('after')
    log.bind({ a: 1 }).debug('bound')
    getLogger('db.pool').warning('below')
    expect(out.lines.map(({ event }) => event)).toEqual(['log_level_changed', 'after', 'bound'])
    expect(out.one('log_level_changed')).toMatchObject({
      level: 'info',
      logger: 'telltale',
      from: 'info,db=warning',
      to: 'debug,db=error',
    })
    expect(out.one('log_level_changed')).not.toHaveProperty('until')
  })

  it('without a level for all leaves that one as it is', () => {
    out.telltale.setLevel('warning')
    out.telltale.setLevel('db=debug')
    expect(describeLevels()).toBe('warning,db=debug')
    expect(on('app')).toEqual(['warning', 'error', 'critical'])
    expect(on('db')).toHaveLength(5)
  })

  it('says so whatever the levels, also when it turns all off', () => {
    out.telltale.setLevel('off')
    getLogger('app').critical('unheard')
    out.telltale.setLevel('silent,telltale=off')
    out.telltale.setLevel('info')
    expect(changes().map((each) => (each as { to: string }).to)).toEqual(['off', 'off,telltale=off', 'info'])
    expect(out.lines).toHaveLength(3)
  })

  it('for a time comes back to what was, and says both', () => {
    out.telltale.setLevel('debug', { forMs: 60_000 })
    expect(levelsNow()).toEqual({ levels: 'debug', until: '2030-01-01T00:01:00.000Z' })
    vi.advanceTimersByTime(59_999)
    expect(on('db')).toContain('debug')
    vi.advanceTimersByTime(1)
    expect(on('db')).toEqual(['warning', 'error', 'critical'])
    expect(changes()).toEqual([
      { from: 'info,db=warning', to: 'debug', until: '2030-01-01T00:01:00.000Z' },
      { from: 'debug', to: 'info,db=warning', until: undefined },
    ])
    expect(levelsNow()).toEqual({ levels: 'info,db=warning', until: undefined })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('for a time, changed again for a time, comes back to what was first, once', () => {
    out.telltale.setLevel('debug', { forMs: 1000 })
    vi.advanceTimersByTime(900)
    out.telltale.setLevel('error', { forMs: 1000 })
    vi.advanceTimersByTime(900)
    expect(describeLevels()).toBe('error')
    vi.advanceTimersByTime(100)
    expect(describeLevels()).toBe('info,db=warning')
    vi.advanceTimersByTime(10_000)
    expect(changes()).toHaveLength(3)
  })

  it('for good, of some loggers alone, leaves what is for a time to its end', () => {
    out.telltale.setLevel('debug', { forMs: 1200 })
    out.telltale.setLevel('db=error')
    expect(describeLevels()).toBe('debug,db=error')
    expect(levelsNow().until).toBe('2030-01-01T00:00:01.200Z')
    vi.advanceTimersByTime(1200)
    expect(describeLevels()).toBe('info,db=error')
  })

  it('for good ends what was for a time', () => {
    out.telltale.setLevel('debug', { forMs: 1000 })
    out.telltale.setLevel('error')
    vi.advanceTimersByTime(5000)
    expect(describeLevels()).toBe('error')
    expect(changes()).toHaveLength(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('for a time is over with shutdown(), and is nothing to the next setup()', async () => {
    out.telltale.setLevel('debug', { forMs: 1000 })
    vi.useRealTimers()
    await out.telltale.shutdown()
    expect(levelsNow().until).toBeUndefined()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    out = new Capture({ log: { level: 'error' } })
    vi.advanceTimersByTime(5000)
    expect(describeLevels()).toBe('error')
    expect(out.text).toBe('')
  })

  it('takes the longest time that a timer takes', () => {
    out.telltale.setLevel('debug', { forMs: 2 ** 31 - 1 })
    vi.advanceTimersByTime(2 ** 31 - 2)
    expect(describeLevels()).toBe('debug')
    vi.advanceTimersByTime(1)
    expect(describeLevels()).toBe('info,db=warning')
  })

  it.each([
    [undefined, {}, "the level must be a string such as 'debug' or 'info,db=debug', got undefined."],
    ['', {}, "the level must be a string such as 'debug' or 'info,db=debug', got an empty string."],
    ['  ', {}, 'got an empty string.'],
    [5, {}, 'got number.'],
    ['loud', {}, 'the level can\'t be read: "loud" (accepted: debug, info, warning, error, critical, off'],
    ['debug,db=loud', {}, '"db=loud" (accepted:'],
    ['debug,=info', {}, '"=info" (accepted:'],
    ['debug=', {}, '"debug=" (accepted:'],
    ['debug', { forMs: 0 }, 'forMs must be a number of milliseconds from 1 to 2147483647, got 0.'],
    ['debug', { forMs: -1 }, 'got -1.'],
    ['debug', { forMs: NaN }, 'got NaN.'],
    ['debug', { forMs: 2 ** 31 }, 'got 2147483648.'],
    ['debug', { forMs: '5' }, 'got 5.'],
  ])('refuses %j with %j, and changes nothing', (levels, options, message) => {
    const set = (): void => out.telltale.setLevel(levels as string, options as object)
    expect(set).toThrow(TypeError)
    expect(set).toThrow(message)
    expect(set).toThrow(/^setLevel\(\): /)
    expect(describeLevels()).toBe('info,db=warning')
    expect(out.text).toBe('')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('refused, leaves a change for a time in force', () => {
    out.telltale.setLevel('debug', { forMs: 1000 })
    expect(() => out.telltale.setLevel('loud')).toThrow()
    vi.advanceTimersByTime(1000)
    expect(describeLevels()).toBe('info,db=warning')
  })
})

describe('LOG_LEVEL', () => {
  const before = process.env['LOG_LEVEL']
  afterEach(() => {
    if (before === undefined) delete process.env['LOG_LEVEL']
    else process.env['LOG_LEVEL'] = before
  })

  async function begin(level: string | undefined, options: object = {}): Promise<void> {
    vi.useRealTimers()
    await out.telltale.shutdown()
    if (level === undefined) delete process.env['LOG_LEVEL']
    else process.env['LOG_LEVEL'] = level
    out = new Capture({ log: options })
  }

  it.each([
    [undefined, 'info'],
    ['', 'info'],
    ['debug', 'debug'],
    [' WARN , db = Debug ,, db.pool=OFF', 'warning,db.pool=off,db=debug'],
    ['db=debug', 'info,db=debug'],
    ['fatal', 'critical'],
    ['info,debug', 'debug'],
  ])('%j makes the levels %s', async (level, expected) => {
    await begin(level)
    expect(describeLevels()).toBe(expected)
  })

  it('is for loggers of the name and below it, the longest prefix first', async () => {
    await begin('error,db=info,db.pool=debug,http=off')
    expect(on('app')[0]).toBe('error')
    expect(
      ['db', 'db.query', 'db:query', 'db/query', 'db-query', 'db query'].map((name) => on(name)[0]),
    ).toEqual(Array(6).fill('info'))
    expect(['db.pool', 'db.pool.idle'].map((name) => on(name)[0])).toEqual(['debug', 'debug'])
    expect(['dbx', 'db_query', 'database', 'my.db'].map((name) => on(name)[0])).toEqual(
      Array(4).fill('error'),
    )
    expect(on('http')).toEqual([])
  })

  it('gives way to log.level', async () => {
    await begin('debug', { level: 'error' })
    expect(describeLevels()).toBe('error')
  })

  it('that no one can read is refused by its name', async () => {
    await expect(begin('loud')).rejects.toThrow(
      'setup(): LOG_LEVEL can\'t be read: "loud" (accepted: debug, info, warning, error, critical, off, alone or as logger=level).',
    )
    delete process.env['LOG_LEVEL']
    out = new Capture()
  })
})

it('takes no option it does not know, and no separator it does not have', () => {
  expect(() => switchLevels('debug', { formS: 600_000 } as never)).toThrow(
    'setLevel(): formS is not an option',
  )
  expect(() => switchLevels('info;db=debug')).toThrow('"info;db=debug"')
})
