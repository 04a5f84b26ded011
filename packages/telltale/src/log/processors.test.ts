import { afterEach, describe, expect, it, vi } from 'vitest'
import { Capture } from '../../test/support/capture.js'
import { hostile } from '../../test/support/hostile.js'
import { getLogger, withContext, type SetupOptions } from '../index.js'
import { droppedCounts } from '../self/dropped.js'
import type { Entry, Processor } from './processors.js'
import { Scope, scopes } from '../context/scope.js'

const log = getLogger('app')
let out: Capture | undefined

function start(processors: readonly Processor[], more: SetupOptions['log'] = {}): void {
  out = new Capture({ log: { processors, ...more } })
}

function failures(): number {
  for (const { signal, reason, count } of droppedCounts())
    if (signal === 'log' && reason === 'processor') return count
  return 0
}

afterEach(async () => {
  await out?.telltale.shutdown()
  out = undefined
})

describe('an entry', () => {
  it('has what will stand in the line, under the names it will have there', () => {
    const seen: Entry[] = []
    start([(entry) => void seen.push({ ...entry, fields: { ...entry.fields } })])
    const ids = { requestId: 'r-1', traceId: '4bf92f3577b34da6a3ce929d0e0e4736', flowId: 'retake-1' }
    scopes.run(new Scope(undefined, 'request', ids, { method: 'GET', n: 'context' }), () => {
      log
        .bind({ skill: 'math', n: 'bound' })
        .info('raised', { n: 'call', level: 'mine', err: new Error('x') })
    })
    expect(seen).toEqual([
      {
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        logger: 'app',
        level: 'info',
        event: 'raised',
        fields: {
          method: 'GET',
          skill: 'math',
          n: 'call',
          level_: 'mine',
          error: expect.any(Error) as Error,
        },
        ids: { request_id: 'r-1', trace_id: ids.traceId, flow_id: 'retake-1' },
      },
    ])
    expect(out!.one('raised')).toMatchObject({
      timestamp: seen[0]!.timestamp,
      request_id: 'r-1',
      n: 'call',
      level_: 'mine',
      error: { message: 'x', stack: expect.any(String) as string },
    })
  })

  it('without a processor that changes it makes the line that there is without processors', async () => {
    const raise = (): void =>
      withContext({ tenant: 't', n: 1 }, () =>
        log.bind({ n: 2, b: 'bound' }).warning('raised', { n: 3, level: 'l', deep: { password: 'x' } }),
      )
    const line = (): Record<string, unknown> => ({ ...out!.one('raised'), timestamp: '' })
    start([])
    raise()
    const plain = line()
    await out!.telltale.shutdown()
    start([() => undefined, () => true, () => 'junk', () => null])
    raise()
    expect(line()).toEqual(plain)
  })
})

describe('a processor', () => {
  it('changes event, level and fields', () => {
    start([
      (entry) => {
        entry.event = `shop_${entry.event}`
        entry.level = 'error'
        entry.fields['added'] = entry.fields['n']
        delete entry.fields['n']
      },
    ])
    log.info('raised', { n: 1 })
    const line = out!.one('shop_raised')
    expect(line).toMatchObject({ level: 'error', logger: 'app', added: 1 })
    expect(line).not.toHaveProperty('n')
  })

  it('decides by the level it gives which destinations take the line', async () => {
    const texts = { all: '', errors: '' }
    const flushed = vi.fn<() => void>()
    start(
      [
        (entry) => {
          entry.level = entry.event === 'raised' ? 'error' : 'debug'
        },
      ],
      {
        sinks: [
          { write: (text) => void (texts.all += text) },
          { level: 'error', write: (text) => void (texts.errors += text), flush: flushed },
        ],
      },
    )
    log.info('raised')
    expect(flushed).toHaveBeenCalledTimes(1)
    log.error('lowered')
    expect(texts.all).toMatch(/"level":"error".*"raised".*\n.*"level":"debug".*"lowered"/)
    expect(texts.errors).toMatch(/^.*"raised".*\n$/)
    await Promise.resolve()
  })

  it('drops what it returns false for, and only that', () => {
    const later = vi.fn<Processor>()
    start([(entry) => entry.event !== 'noise', later])
    log.info('noise')
    log.info('signal')
    expect(out!.events('noise', 'signal').map(({ event }) => event)).toEqual(['signal'])
    expect(later).toHaveBeenCalledTimes(1)
  })

  it('runs after the one before it', () => {
    start([
      (entry) => void (entry.fields['trail'] = ['first']),
      (entry) => void (entry.fields['trail'] as string[]).push(entry.event),
    ])
    log.info('raised')
    expect(out!.one('raised')['trail']).toEqual(['first', 'raised'])
  })

  it('may replace the fields altogether', () => {
    start([(entry) => void (entry.fields = { only: 1, level: 'mine', request_id: 'forged' })])
    withContext({ tenant: 't' }, () => log.bind({ b: 1 }).info('raised', { c: 1 }))
    const line = out!.one('raised')
    expect(line).toMatchObject({ level: 'info', level_: 'mine', request_id_: 'forged', only: 1 })
    for (const name of ['tenant', 'b', 'c']) expect(line).not.toHaveProperty(name)
  })

  it("can't bring a secret out, whatever it adds and wherever", () => {
    start([
      (entry) => {
        entry.event += ' token=hunter2'
        entry.fields['password'] = 'hunter2'
        entry.fields['note'] = 'Bearer hunter2hunter2'
        entry.fields['deep'] = [new Map([['api_key', 'hunter2']])]
        entry.fields['token=hunter2'] = 1
        entry.fields['error'] = new Error('password=hunter2')
      },
    ])
    log.info('raised')
    expect(out!.lines).toHaveLength(1)
    expect(out!.text).not.toContain('hunter2')
  })

  it('leaves logger, context and caller what they had', () => {
    start([
      (entry) => {
        entry.fields['tenant'] = 'changed'
        delete entry.fields['b']
        entry.fields['c'] = 'changed'
      },
    ])
    const fields = { c: 1 }
    withContext({ tenant: 't' }, () => {
      const bound = log.bind({ b: 1 })
      bound.info('first', fields)
      out!.telltale.setLevel('info')
      expect(fields).toEqual({ c: 1 })
    })
    expect(out!.one('first')).toMatchObject({ tenant: 'changed', c: 'changed' })
    expect(out!.one('first')).not.toHaveProperty('b')
  })

  it('sees nothing of what Telltale says of itself', () => {
    const seen = vi.fn<Processor>(() => false)
    start([seen])
    out!.telltale.setLevel('debug')
    expect(out!.events('log_level_changed')).toHaveLength(1)
    expect(seen).not.toHaveBeenCalled()
  })

  it('is not called for an event below the level', () => {
    const seen = vi.fn<Processor>()
    start([seen])
    log.debug('unseen')
    expect(seen).not.toHaveBeenCalled()
  })
})

describe('a processor that fails', () => {
  it('is passed over, counted, and the others run', () => {
    start([
      (entry) => {
        entry.fields['half'] = 1
        throw new Error('token=hunter2')
      },
      (entry) => void (entry.fields['after'] = 1),
    ])
    const before = failures()
    log.info('raised', { n: 1 })
    expect(out!.one('raised')).toMatchObject({ n: 1, half: 1, after: 1 })
    expect(failures() - before).toBe(1)
  })

  it('by rejecting costs nothing but its count', async () => {
    const unhandled = vi.fn<() => void>()
    process.on('unhandledRejection', unhandled)
    start([() => Promise.reject(new Error('later'))])
    const before = failures()
    log.info('raised')
    await vi.waitFor(() => expect(failures() - before).toBe(1))
    await new Promise(setImmediate)
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
    expect(out!.one('raised')).toBeDefined()
  })

  it('by logging itself gets its event written, unprocessed', () => {
    let runs = 0
    start([
      (entry) => {
        runs++
        log.warning('said_by_processor', { of: entry.event })
        entry.fields['processed'] = true
      },
    ])
    log.info('raised')
    expect(runs).toBe(1)
    expect(out!.lines.map(({ event }) => event)).toEqual(['said_by_processor', 'raised'])
    expect(out!.one('said_by_processor')).not.toHaveProperty('processed')
    log.info('again')
    expect(out!.one('again')).toMatchObject({ processed: true })
  })

  it.each(Object.entries(hostile))('by making %s of each part never throws', async (_name, value) => {
    const anything = (entry: Entry, part: keyof Entry): void => void Object.assign(entry, { [part]: value() })
    for (const part of ['event', 'level', 'fields', 'timestamp', 'logger', 'ids'] as const) {
      start([(entry) => anything(entry, part), (entry) => void (entry.fields['kept'] = 1)])
      expect(() => log.info('raised', { n: 1 })).not.toThrow()
      expect(out!.lines).toHaveLength(1)
      expect(out!.lines[0]).toMatchObject({ level: 'info', logger: 'app', event: 'raised' })
      await out!.telltale.shutdown()
    }
    start([(entry) => void (entry.fields['odd'] = value())])
    expect(() => log.info('raised')).not.toThrow()
    expect(out!.lines).toHaveLength(1)
  })

  it.each(['off', 'silent', 'loud', 'constructor', 7, null])(
    'by giving the level %j leaves it as it was',
    (level) => {
      start([(entry) => void (entry.level = level as 'info')])
      log.warning('raised')
      expect(out!.one('raised').level).toBe('warning')
    },
  )

  it.each(['warn', 'fatal'] as const)('may give the level by its other spelling %s', (level) => {
    start([(entry) => void ((entry as { level: string }).level = level)])
    log.info('raised')
    expect(out!.one('raised').level).toBe(level === 'warn' ? 'warning' : 'critical')
  })
})
