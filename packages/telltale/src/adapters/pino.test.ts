import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Capture } from '../../test/support/capture.js'
import { hostile } from '../../test/support/hostile.js'
import { withContext } from '../index.js'
import { pinoLogger } from './pino.js'

let out: Capture
beforeEach(() => void (out = new Capture({ log: { level: 'info,db=debug,quiet=off' } })))
afterEach(() => out.telltale.shutdown())

describe('events', () => {
  it('have the logger, level and context of Telltale, and its redaction', () => {
    const log = pinoLogger('cache')
    withContext({ tenant_id: 't1' }, () => log.warn({ key: 'k1', password: 'S3cret' }, 'Evicted %d', 3))
    expect(out.lines).toEqual([
      expect.objectContaining({
        level: 'warning',
        logger: 'cache',
        event: 'log',
        message: 'Evicted 3',
        tenant_id: 't1',
        key: 'k1',
        password: '[REDACTED]',
      }),
    ])
  })

  it('are written at the level of their method', () => {
    const log = pinoLogger('db')
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const)
      log[level](level)
    expect(out.lines.map(({ event, level }) => `${event} ${level}`)).toEqual([
      'trace debug',
      'debug debug',
      'info info',
      'warn warning',
      'error error',
      'fatal critical',
    ])
  })

  it('write an error in full, under err too', () => {
    const cause = new Error('refused', { cause: new Error('no route') })
    pinoLogger().error({ err: cause }, 'Not sent')
    pinoLogger().error(new RangeError('too far'))
    expect(out.lines[0]).toMatchObject({
      message: 'Not sent',
      error: { message: 'refused', stack: expect.any(String), cause: { message: 'no route' } },
    })
    expect(out.lines[1]).toMatchObject({ event: 'error', error: { type: 'RangeError', message: 'too far' } })
  })

  it('come also from methods that were handed on alone', () => {
    const { info, child } = pinoLogger()
    info('Ready')
    expect(child).toBeTypeOf('function')
    expect(out.lines[0]).toMatchObject({ message: 'Ready' })
  })

  it.each(Object.entries(hostile))('survive %s everywhere', (_name, value) => {
    const any = value as () => object
    const log = pinoLogger(value() as string)
    expect(() => {
      log.info(value())
      log.info(value(), 'Text %s', value())
      log.info('Text %o %d', value(), value())
      log.child(any(), any()).info('Bound')
      log.child({ a: value() }, { serializers: { a: any as () => unknown } }).info({ a: value() })
      log.setBindings(any())
      log.level = value() as string
      log.isLevelEnabled(value() as string)
    }).not.toThrow()
    expect(() => out.lines).not.toThrow()
  })
})

describe('child', () => {
  it('binds fields, which bindings() gives back and setBindings() adds to', () => {
    const child = pinoLogger().child({ job: 'j1' }).child({ attempt: 2 })
    child.setBindings({ attempt: 3 })
    child.info('started')
    expect(child.bindings()).toEqual({ job: 'j1', attempt: 3 })
    expect(out.lines[0]).toMatchObject({ event: 'started', job: 'j1', attempt: 3 })
  })

  it('applies serializers to bindings and fields, and leaves errors alone', () => {
    const serializers = {
      user: ({ id }: { id: string }) => id,
      broken: () => {
        throw new Error('S3cret')
      },
      err: () => 'less',
    }
    const log = pinoLogger().child({ user: { id: 'u1', name: 'Ada' } }, { serializers })
    log.child({}).info({ user: { id: 'u2' }, broken: 'S3cret', err: new Error('whole') }, 'seen')
    log.info('bound')
    expect(out.lines[0]).toMatchObject({ user: 'u2', broken: '[Throws]', error: { message: 'whole' } })
    expect(out.lines[1]).toMatchObject({ user: 'u1' })
    expect(out.text).not.toContain('S3cret')
  })

  it('has the prefixes of its parents before each text', () => {
    const log = pinoLogger().child({}, { msgPrefix: '[a] ' }).child({}, { msgPrefix: '[b] ' })
    log.info('Ready')
    log.info({ port: 1 }, 'On %d', 1)
    log.info({ port: 2 })
    expect(log.msgPrefix).toBe('[a] [b] ')
    expect(out.lines.map(({ message }) => message)).toEqual(['[a] [b] Ready', '[a] [b] On 1', undefined])
  })

  it('has its custom levels as methods, at the Telltale level below', () => {
    const log = pinoLogger().child({}, { customLevels: { audit: 35, alert: 70 } })
    log.audit('Audited')
    log.child({}).alert('Alerted')
    expect(out.lines.map(({ level }) => level)).toEqual(['info', 'critical'])
    expect(log.levels.values).toMatchObject({ audit: 35, info: 30 })
    expect(log.isLevelEnabled('audit')).toBe(true)
  })

  it('keeps its own members from custom levels called so', () => {
    const log = pinoLogger().child(
      { job: 'j1' },
      { customLevels: { bindings: 35, levels: 35, on: 35, info: 50 } },
    )
    log.info('Ready')
    expect(log.bindings()).toEqual({ job: 'j1' })
    expect(log.levels.values).toEqual(pinoLogger().levels.values)
    expect(out.lines[0]).toMatchObject({ level: 'info', job: 'j1' })
  })

  it('is shown to onChild', () => {
    const log = pinoLogger()
    const seen = vi.fn<(child: unknown) => void>()
    log.onChild = seen
    const child = log.child({})
    expect(seen).toHaveBeenCalledWith(child)
  })
})

describe('level', () => {
  it.each([
    ['app', 'info', 30],
    ['db', 'debug', 20],
    ['quiet', 'silent', Infinity],
  ])('of %s is %s', (name, level, value) => {
    const log = pinoLogger(name)
    expect([log.level, log.levelVal]).toEqual([level, value])
  })

  it('that is set makes a logger and its later children quieter, never more talkative', () => {
    const log = pinoLogger()
    const before = log.child({})
    log.level = 'error'
    log.warn('unseen')
    log.child({}).warn('unseen')
    before.warn('seen')
    log.error('seen')
    log.level = 'trace'
    log.debug('unseen')
    log.info('seen')
    expect(log.level).toBe('info')
    log.child({}, { level: 'silent' }).fatal('unseen')
    expect(out.lines.map(({ event }) => event)).toEqual(['seen', 'seen', 'seen'])
  })

  it('that is none changes nothing', () => {
    const log = pinoLogger()
    log.level = 'loud'
    expect(log.level).toBe('info')
  })

  it('is told to listeners when it changes', () => {
    const log = pinoLogger()
    const heard = vi.fn<(...told: unknown[]) => void>()
    log.on('level-change', heard)
    log.level = 'info'
    log.level = 'warn'
    expect(heard.mock.calls).toEqual([['warn', 40, 'info', 30, log]])
  })

  it('is asked for by isLevelEnabled', () => {
    const log = pinoLogger()
    expect(['trace', 'debug', 'info', 'fatal', 'loud'].map((name) => log.isLevelEnabled(name))).toEqual([
      false,
      false,
      true,
      true,
      false,
    ])
  })

  it('that is off formats nothing', () => {
    const toString = vi.fn<() => string>(() => '')
    pinoLogger().debug('%s', { toString })
    expect(toString).not.toHaveBeenCalled()
  })
})

it('calls back after a flush', async () => {
  await new Promise<void>((resolve) => pinoLogger().flush(() => resolve()))
})
