import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { flow, getLogger, secret, withContext } from '../../src/index.js'
import { wide } from '../../src/encode/wide.fixture.js'
import { scopes } from '../../src/context/scope.js'
import { recordedLines } from '../../src/log/recorder/record.js'
import { recorder } from '../../src/log/recorder/ring.js'
import { droppedCounts } from '../../src/self/dropped.js'
import { adapters, eachAdapter } from '../support/adapters.js'
import { log } from '../support/apps/app.js'
import type { Capture, Line } from '../support/capture.js'
import { Child, endChildren } from '../support/child.js'
import { ask, RawConnection } from '../support/client.js'
import { hostile } from '../support/hostile.js'
import { gate, until } from '../support/until.js'

function recorded(capture: Capture): Line[] {
  return capture.lines.filter((line) => line['recorded'] === true)
}

function lost(): number {
  for (const { signal, reason, count } of droppedCounts())
    if (signal === 'log' && reason === 'recorder') return count
  return 0
}

const fail = (): never => {
  throw new Error('refused')
}

eachAdapter((start) => {
  test.each([
    ['a throw', fail],
    ['a status of 503', () => 503],
  ])('%s brings out what was said below the level: once, in order, as of then', async (_what, end) => {
    const { app, log: out } = await start({
      act: async () => {
        log.debug('rows_read', { rows: 1 })
        log.info('rows_checked', { rows: 2 })
        withContext({ tenant_id: 't1' }, () => log.bind({ skill_area: 'math' }).debug('rows_sorted'))
        await flow('retake', () => log.debug('rows_cleared'))
        log.debug('rows_written', { rows: 3 })
        return end()
      },
    })
    await ask(app.port, '/do')
    await out.ended(1)
    const names = ['rows_read', 'rows_sorted', 'rows_cleared', 'rows_written']
    expect(recorded(out).map(({ event }) => event)).toEqual(names)
    expect(out.events('rows_checked')).toEqual([expect.not.objectContaining({ recorded: true })])
    expect(out.lines.at(-1)!.event).toBe('request_failed')

    const end_ = out.one('request_failed')
    for (const line of recorded(out)) {
      expect(line).toMatchObject({
        level: 'debug',
        request_id: end_['request_id'],
        trace_id: end_['trace_id'],
        method: 'GET',
        path: '/do',
      })
    }
    expect(out.one('rows_read')).toMatchObject({ rows: 1 })
    expect(out.one('rows_sorted')).toMatchObject({ tenant_id: 't1', skill_area: 'math' })
    expect(out.one('rows_written')).not.toHaveProperty('tenant_id')
    expect(out.one('rows_cleared')['flow_id']).toBe(out.one('retake_flow_started')['flow_id'])
    const time = (event: string): string => String(out.one(event)['timestamp'])
    const inOrder = ['rows_read', 'rows_checked', 'rows_sorted', 'retake_flow_started', 'rows_written']
    expect(inOrder.map(time)).toEqual(inOrder.map(time).toSorted())
    expect(time('rows_written') <= time('request_failed')).toBe(true)
  })

  test('success, a fault of the client and an abort bring out nothing', async () => {
    const reached = gate()
    const status = { held: 200, missing: 404 } as Record<string, number>
    const { app, log: out } = await start({
      act: (n) => {
        log.debug('never_written')
        if (n !== 'abort') return status[n]
        reached.open()
        return new Promise(() => undefined)
      },
    })
    await ask(app.port, '/do?n=held')
    await ask(app.port, '/do?n=missing')
    const connection = new RawConnection(app.port)
    connection.send('GET /do?n=abort HTTP/1.1\r\nhost: a\r\n\r\n')
    await reached.opened
    connection.socket.destroy()
    await out.ended(3)
    expect(out.ends.map(({ event }) => event)).toContain('request_aborted')
    expect(out.text).not.toContain('never_written')
    expect(recorder.bytes).toBe(0)
  })

  test('requests at the same time keep what is theirs', async () => {
    const { app, log: out } = await start({
      act: async (n) => {
        for (let i = 0; i < 5; i++) {
          log.debug('step_taken', { n, i })
          await new Promise(setImmediate)
        }
        return Number(n) % 2 === 0 ? 500 : 200
      },
    })
    await Promise.all(Array.from({ length: 40 }, (_, n) => ask(app.port, `/do?n=${n}`)))
    await out.ended(40)
    const lines = new Map<unknown, Line[]>()
    for (const line of recorded(out)) {
      const id = line['request_id']
      lines.set(id, [...(lines.get(id) ?? []), line])
    }
    expect(lines.size).toBe(20)
    for (const own of lines.values()) {
      expect(own.map(({ i }) => i)).toEqual([0, 1, 2, 3, 4])
      expect(new Set(own.map(({ n }) => n)).size).toBe(1)
      expect(Number(own[0]!['n']) % 2).toBe(0)
    }
  })
})

/** Runs `act` in a request that fails, once; what it recorded is in what is returned. */
type Fail = (
  act: () => void,
  setup?: Parameters<Parameters<Parameters<typeof eachAdapter>[0]>[0]>[1],
) => Promise<Capture>

function inHttp(
  suite: (failing: Fail, start: Parameters<Parameters<typeof eachAdapter>[0]>[0]) => void,
): void {
  eachAdapter(
    (start) =>
      suite(async (act, setup) => {
        const { app, log: out } = await start({ act: () => (act(), 500) }, setup)
        await ask(app.port, '/do')
        await out.ended(1)
        return out
      }, start),
    adapters.filter(({ name }) => name === 'http'),
  )
}

describe('bounds', () => {
  inHttp((failing, start) => {
    test('the last 64 events are kept, and those that made room are counted', async () => {
      const before = lost()
      const out = await failing(() => {
        for (let n = 0; n < 100; n++) log.debug('step_taken', { n })
      })
      expect(recorded(out).map(({ n }) => n)).toEqual(Array.from({ length: 64 }, (_, n) => n + 36))
      expect(lost() - before).toBe(36)
    })

    test('a written event takes a place, but its loss is none', async () => {
      const before = lost()
      const out = await failing(() => {
        log.debug('first')
        for (let n = 0; n < 64; n++) log.info('step_taken')
      })
      expect(recorded(out)).toEqual([])
      expect(out.events('step_taken')).toHaveLength(64)
      expect(lost() - before).toBe(1)
    })

    test('three levels, 32 keys or items and 1 KiB a string, with visible marks', async () => {
      const wide = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`k${n}`, n]))
      const out = await failing(() => {
        log.debug('deep', { a: { b: { c: { d: { e: 1 } } } }, list: [[[[[1]]]]] })
        log.debug('wide', { wide, list: Array.from({ length: 40 }, (_, n) => n) })
        log.debug('wide_itself', wide)
        log.debug('long', { text: 'x'.repeat(2000), texts: ['y'.repeat(1024)] })
      })
      expect(out.one('deep')).toMatchObject({
        a: { b: { c: { d: '…(object)' } } },
        list: [[['…(array)']]],
      })
      const { wide: kept, list } = out.one('wide') as unknown as { wide: object; list: unknown[] }
      expect(Object.keys(kept)).toHaveLength(33)
      expect(kept).toMatchObject({ k31: 31, '…': '(+8 keys)' })
      expect(list.at(-1)).toMatch(/^…\(\+\d+ items\)$/)
      expect(list.length).toBeLessThanOrEqual(33)
      expect(out.one('wide_itself')).toMatchObject({ k31: 31, '… recorded': '(+8 keys)', recorded: true })
      expect(out.one('wide_itself')).not.toHaveProperty('k32')
      expect(out.one('long')).toMatchObject({
        text: `${'x'.repeat(1024)}…(+976 chars)`,
        texts: ['y'.repeat(1024)],
      })
    })

    test('256 KiB a request: the oldest make room', async () => {
      const before = lost()
      let most = 0
      const text = 'x'.repeat(1000)
      const out = await failing(() => {
        for (let n = 0; n < 60; n++) {
          log.debug('large', {
            n,
            ...Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`k${i}`, text])),
          })
          most = Math.max(most, recorder.bytes)
        }
      })
      const kept = recorded(out).map(({ n }) => n)
      expect(kept.length).toBeGreaterThan(4)
      expect(kept.length).toBeLessThan(9)
      expect(kept.at(-1)).toBe(59)
      expect(lost() - before).toBe(60 - kept.length)
      expect(most).toBeLessThanOrEqual(256 * 1024)
      expect(recorder.bytes).toBe(0)
    })

    test('the sizes that options give', async () => {
      const sized = (options: object) => ({ log: { recorder: options } })
      const act = (): void => {
        for (let n = 0; n < 10; n++) log.debug('step_taken', { n, text: 'x'.repeat(500) })
      }
      const few = await failing(act, sized({ size: 3 }))
      expect(recorded(few).map(({ n }) => n)).toEqual([7, 8, 9])
      await few.telltale.shutdown()
      const small = await failing(act, sized({ maxRequestBytes: 2000 }))
      expect(recorded(small).map(({ n }) => n)).toEqual([8, 9])
      await small.telltale.shutdown()
      const none = await failing(act, sized({ maxProcessBytes: 10 }))
      expect(recorded(none)).toEqual([])
      expect(recorder.bytes).toBe(0)
    })

    test('a request under way while the sizes change goes on', async () => {
      const { app, log: first } = await start({
        act: async (n) => {
          for (let i = 0; i < 10; i++) log.debug('step_taken', { i })
          if (n !== 'change') return 200
          recorder.size = 3
          for (let i = 10; i < 20; i++) log.debug('step_taken', { i })
          recorder.size = 64
          for (let i = 20; i < 30; i++) log.debug('step_taken', { i })
          return 500
        },
      })
      await ask(app.port, '/do?n=change')
      await first.ended(1)
      expect(first.one('request_failed')).toMatchObject({ status: 500 })
      expect(recorded(first).map(({ i }) => i)).toEqual(Array.from({ length: 30 }, (_, i) => i))
      expect(recorder.bytes).toBe(0)
    })

    test('off, it keeps nothing and looks at nothing', async () => {
      let looked = 0
      const out = await failing(
        () => {
          log.debug('unseen', {
            get field() {
              return ++looked
            },
          })
          expect(recorder.bytes).toBe(0)
        },
        { log: { recorder: false } },
      )
      expect(recorded(out)).toEqual([])
      expect(looked).toBe(0)
    })

    test('outside of a request nothing is looked at', () => {
      let looked = 0
      getLogger('db').debug('unseen', {
        get field() {
          return ++looked
        },
      })
      expect(looked).toBe(0)
    })
  })
})

describe('what is kept', () => {
  inHttp((failing) => {
    test('shows the state at the call', async () => {
      const inner = { rows: 1, list: [1], map: new Map([['a', 1]]), set: new Set([1]), when: new Date(0) }
      const given = { inner, top: 1 }
      const out = await failing(() => {
        log.debug('as_it_was', given)
        given.top = 2
        inner.rows = 2
        inner.list.push(2)
        inner.map.set('a', 2)
        inner.set.add(2)
        inner.when.setTime(1)
      })
      expect(out.one('as_it_was')).toMatchObject({
        top: 1,
        inner: { rows: 1, list: [1], map: { a: 1 }, set: [1], when: '1970-01-01T00:00:00.000Z' },
      })
    })

    test('leaves what it was given as it is', async () => {
      const given = Object.freeze({
        list: Object.freeze([Object.freeze({ password: 'hunter2' })]),
        text: 'x'.repeat(3000),
      })
      const before = JSON.stringify(given)
      await failing(() => log.debug('frozen', given))
      expect(JSON.stringify(given)).toBe(before)
    })

    test('has what people write by habit, as an event that is written at once', async () => {
      const anything = log as unknown as Record<'debug' | 'info', (...args: unknown[]) => void>
      const calls: unknown[][] = [
        [new Error('alone')],
        ['with_error', new Error('second')],
        ['with_value', 5],
        ['with_list', [1, 2]],
        [{ user_id: 'u' }, 'text'],
        ['with_null', null],
      ]
      const now = await failing(() => calls.forEach((call) => anything.info(...call)))
      const at = (line: Line): Record<string, unknown> => {
        const {
          timestamp: _t,
          level: _l,
          recorded: _r,
          request_id: _i,
          trace_id: _c,
          span_id: _s,
          ...own
        } = line
        const { error, error_seen: _e, error_fingerprint: _f, ...rest } = own as Record<string, unknown>
        return error === undefined ? rest : { ...rest, message: (error as { message: string }).message }
      }
      const written = now.lines.filter(({ logger }) => logger === 'app').map(at)
      await now.telltale.shutdown()
      const later = await failing(() => calls.forEach((call) => anything.debug(...call)))
      expect(recorded(later).map(at)).toEqual(written)
    })

    test('has its error in full, and the end of the request names it in brief', async () => {
      const error = new Error('refused', { cause: new TypeError('unknown host') })
      const out = await failing(() => log.debug('retry_failed', { error }))
      expect(out.one('retry_failed')['error']).toMatchObject({
        message: 'refused',
        stack: expect.stringContaining('recorder.test.ts') as string,
        cause: { type: 'TypeError', message: 'unknown host' },
      })
    })

    test('can be read meanwhile, and is written as if nobody had', async () => {
      let read: Line[] = []
      const out = await failing(() => {
        log.info('written')
        log.debug('kept', { error: new Error('refused'), token: 'hunter2' })
        const lines = recordedLines(scopes.getStore()!.request!)
        expect(recordedLines(scopes.getStore()!.request!)).toEqual(lines)
        read = lines.map((line) => JSON.parse(line) as Line)
      })
      expect(read.map(({ event, token }) => [event, token])).toEqual([
        ['written', undefined],
        ['kept', '[REDACTED]'],
      ])
      expect(out.one('kept')).toEqual(read[1])
      expect(out.one('kept')['error']).toHaveProperty('stack')
      expect(out.one('kept')).not.toHaveProperty('error_seen')
    })

    test('survives whatever it is given', async () => {
      const before = lost()
      const out = await failing(() => {
        for (const make of Object.values(hostile)) {
          const call = log.debug.bind(log) as (...args: unknown[]) => void
          expect(() => {
            call('hostile', make())
            call(make(), make())
            call('hostile', { value: make(), list: [make()] })
          }).not.toThrow()
        }
        const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, 1]))
        log.debug('many_keys', many)
        log.debug('many_items', {
          items: Array.from({ length: 1_000_000 }, () => 1),
          sparse: Object.assign([], { length: 4e9 }),
        })
        log.debug('large', { text: 'x'.repeat(50_000_000), map: new Map(Object.entries(many)) })
        log.debug('x'.repeat(100_000))
        expect(recorder.bytes).toBeLessThan(256 * 1024)
      })
      for (const line of recorded(out)) expect(JSON.stringify(line).length).toBeLessThan(20_000)
      expect(recorded(out).length + lost() - before).toBe(Object.keys(hostile).length * 3 + 4)
      expect(out.one('many_items')['items']).toHaveLength(32)
      expect(recorder.bytes).toBe(0)
    })

    test('counts the texts that errors hold', async () => {
      const out = await failing(() => {
        for (let n = 0; n < 60; n++) log.debug('failed', { error: new Error('x'.repeat(100_000)) })
        expect(recorder.bytes).toBeGreaterThan(200_000)
      })
      expect(recorded(out).length).toBeLessThan(60)
    })

    test('has what an error says, and not what it holds', async () => {
      const response = { data: 'x'.repeat(1_000_000) }
      const error = Object.assign(new TypeError('bad gateway'), { code: 'E502', response })
      const out = await failing(() => {
        for (let n = 0; n < 64; n++) log.debug('call_failed', { error, n })
        expect(recorder.bytes).toBeLessThan(256 * 1024)
      })
      expect(recorded(out)).toHaveLength(64)
      expect(out.events('call_failed')[0]!['error']).toEqual({
        type: 'TypeError',
        message: 'bad gateway',
        code: 'E502',
        stack: error.stack,
      })
    })

    test('is read no further than it is kept, however wide it is', async () => {
      const { fields, reads } = wide(100_000)
      const out = await failing(() => log.debug('wide', fields))
      expect(reads()).toBe(32)
      expect(out.one('wide')).toMatchObject({ k31: 31, '… recorded': '(+99968 keys)' })
    })

    test('counts a getter that logs, and itself, once', async () => {
      const out = await failing(() => {
        log.debug('outer', {
          text: 'x'.repeat(1000),
          nested: {
            get inner() {
              log.debug('inner', { a: 1 })
              return 'b'
            },
          },
        })
        expect(recorder.bytes).toBeGreaterThan(1400)
      })
      expect(recorded(out).map(({ event }) => event)).toEqual(['inner', 'outer'])
      expect(recorder.bytes).toBe(0)
    })
  })
})

describe('secrets', () => {
  const canary = 'canary0secret0value'
  const filler = Array.from({ length: 20 }, (_, n) => [`x-header-${n}`, 'v']).flat()
  const shapes = fc.constantFrom<unknown>(
    { password: canary },
    { headers: { Authorization: canary } },
    { 'x-api-key': [canary] },
    [['cookie', canary]],
    ['authorization', canary, 'accept', 'x'],
    [...filler.slice(0, 20), 'cookie', canary, ...filler],
    { value: canary, ...Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`k${n}`, n])), name: 'otp' },
    { name: 'set-cookie', value: canary },
    new Map([['client_secret', { deep: canary }]]),
    `token=${canary}`,
    `${'x'.repeat(1010)} token=${canary}`,
    `{"password":"${canary}"}`,
    `https://x/y?a=1&access_token=${canary}#z`,
    `Bearer ${canary}`,
    new Error(`failed with password=${canary}`),
    Object.assign(new Error('x'), { code: `token=${canary}` }),
    new Error('x', { cause: new Error(`api_key: ${canary}`) }),
    secret(canary),
    new Set([{ jwt: canary }]),
    new URLSearchParams({ token: canary }),
    new Headers({ cookie: canary }),
    new URL(`https://u:${canary}@host/`),
  )
  const { place } = fc.letrec((tie) => ({
    place: fc.oneof(
      { depthSize: 'small' },
      shapes,
      fc.record({ a: tie('place'), b: fc.string() }),
      fc.array(tie('place'), { minLength: 1, maxLength: 3 }),
      tie('place').map((value) => new Map([['m', value]])),
      tie('place').map((value) => new AggregateError([value], 'many')),
    ),
  }))

  inHttp((failing) => {
    test('never come out of what was recorded', async () => {
      const samples = fc.sample(place, 400)
      let planted = 0
      const out = await failing(
        () => {
          for (const value of samples) {
            log.bind({ bound: value }).debug('planted', { value, password: canary })
            log.debug(`event token=${canary}`, value as object)
            planted += 2
          }
        },
        { log: { recorder: { size: 1000, maxRequestBytes: 10_000_000 } } },
      )
      expect(recorded(out)).toHaveLength(planted)
      for (const line of out.text.split('\n')) expect(line).not.toContain(canary)
    })
  })
})

describe('beside the other stages', () => {
  inHttp((failing) => {
    test('processors see what was recorded, and may change or drop it', async () => {
      const out = await failing(
        () => {
          log.debug('changed', { a: 1 })
          log.debug('dropped')
        },
        {
          log: {
            processors: [
              (entry) => {
                if (entry.event === 'changed') entry.fields['a'] = { token: 'hunter2' }
                return entry.event !== 'dropped'
              },
            ],
          },
        },
      )
      expect(recorded(out)).toEqual([
        expect.objectContaining({ event: 'changed', a: { token: '[REDACTED]' } }),
      ])
    })

    test('what the flood guard and sampling suppress comes out as well', async () => {
      const out = await failing(
        () => {
          for (let n = 0; n < 5; n++) log.info('flooded', { n })
          log.info('sampled_out')
        },
        { log: { flood: { perSecond: 0.001, burst: 2 }, sample: { sampled_out: 0 } } },
      )
      expect(out.events('flooded').map(({ n }) => n)).toEqual([0, 1, 2, 3, 4])
      expect(recorded(out).map(({ event, n }) => [event, n])).toEqual([
        ['flooded', 2],
        ['flooded', 3],
        ['flooded', 4],
        ['sampled_out', undefined],
      ])
    })
  })
})

describe('an exception that nobody catches', () => {
  afterEach(endChildren)

  test('brings out what its request recorded', async () => {
    const child = new Child('crash-in-request.mjs')
    expect((await child.ended).code).toBe(1)
    expect(child.names).toEqual(['rows_read', 'rows_counted', 'uncaught_exception'])
    const id = child.one('uncaught_exception')['request_id']
    expect(id).toEqual(expect.any(String))
    expect(child.one('rows_read')).toMatchObject({ recorded: true, request_id: id, password: '[REDACTED]' })
    expect(child.stdout).not.toContain('hunter2')
  })

  test('brings it out once, where the app goes on and the request fails later', async () => {
    const child = new Child('crash-in-request.mjs', ['caught'])
    expect((await child.ended).code).toBe(0)
    expect(child.names).toEqual([
      'rows_read',
      'rows_counted',
      'uncaught_exception',
      'own_handler',
      'after',
      'request_failed',
    ])
  })
})

describe('under load', () => {
  inHttp((_failing, start) => {
    test('thousands of requests that succeed, fail, are aborted or hang leave nothing', async () => {
      let most = 0
      const hang = gate()
      const { app, log: out } = await start(
        {
          act: async (n) => {
            for (let i = 0; i < 10; i++) log.debug('step_taken', { n, i, text: 'x'.repeat(500) })
            most = Math.max(most, recorder.bytes)
            await new Promise(setImmediate)
            log.debug('steps_over')
            if (n === 'hang') return hang.opened
            if (n === 'throw') throw new Error('refused')
            return n === 'fail' ? 502 : 200
          },
        },
        { log: { recorder: { maxProcessBytes: 1_000_000 } } },
      )
      const kinds = ['ok', 'fail', 'throw', 'ok']
      const hanging = Array.from({ length: 20 }, () => new RawConnection(app.port))
      for (const each of hanging) each.send('GET /do?n=hang HTTP/1.1\r\nhost: a\r\n\r\n')
      await until('twenty hang', () => recorder.bytes > 100_000)
      for (let round = 0; round < 4; round++) {
        await Promise.all(Array.from({ length: 500 }, (_, n) => ask(app.port, `/do?n=${kinds[n % 4]!}`)))
      }
      for (const each of hanging.slice(0, 10)) each.socket.destroy()
      await until('ten were aborted', () => out.events('request_aborted').length === 10)
      hang.open()
      await out.ended(2020)
      hanging.forEach(({ socket }) => socket.destroy())
      expect(recorder.bytes).toBe(0)
      expect(most).toBeLessThanOrEqual(1_000_000)
      expect(out.events('request_failed')).toHaveLength(1000)
      // Some had no room: none is there twice, and what is there is of a request that failed.
      const failed = new Set(out.events('request_failed').map((line) => line['request_id']))
      const keys = recorded(out).map(
        (line) => `${String(line['request_id'])} ${line.event} ${String(line['i'])}`,
      )
      expect(new Set(keys).size).toBe(keys.length)
      expect(recorded(out).every((line) => failed.has(line['request_id']))).toBe(true)
      expect(keys.length).toBeGreaterThan(1000)
    })

    test('2,000 requests at the same time stay within the process bound', async () => {
      let most = 0
      let inside = 0
      const all = gate()
      const { app, log: out } = await start({
        act: async () => {
          for (let i = 0; i < 20; i++) log.debug('step_taken', { i, text: 'x'.repeat(1000) })
          most = Math.max(most, recorder.bytes)
          if (++inside === 2000) all.open()
          await all.opened
          return 500
        },
      })
      await Promise.all(Array.from({ length: 2000 }, () => ask(app.port, '/do')))
      await out.ended(2000)
      expect(most).toBeGreaterThan(15 * 1024 * 1024)
      expect(most).toBeLessThanOrEqual(16 * 1024 * 1024)
      expect(recorder.bytes).toBe(0)
    })
  })
})
