import { afterEach, describe, expect, test } from 'vitest'
import { flow, health, onDrain, onShutdown, withContext, type Draining } from '../../src/index.js'
import { takeHooks, tellDrainHooks } from '../../src/lifecycle/hooks.js'
import { Capture } from '../support/capture.js'
import { gate, until } from '../support/until.js'

const never = (): Promise<never> => new Promise(() => undefined)
let log: Capture

function start(lifecycle: object = {}): void {
  log = new Capture({ lifecycle: { drainTimeoutMs: 10_000, flushTimeoutMs: 10_000, ...lifecycle } })
}

afterEach(async () => {
  await log.telltale.shutdown()
  takeHooks()
  tellDrainHooks(() => undefined)
  tellDrainHooks(undefined)
})

describe('onShutdown', () => {
  test('closes one after the other, the last registered first', async () => {
    const said: string[] = []
    // Before setup(), as a module does that is loaded.
    for (const name of ['first', 'second', 'third']) {
      onShutdown(name, async () => {
        said.push(`${name} begins`)
        await new Promise((resolve) => setImmediate(resolve))
        said.push(`${name} ends`)
      })
    }
    start()
    await log.telltale.shutdown()
    expect(said).toEqual(['third', 'second', 'first'].flatMap((name) => [`${name} begins`, `${name} ends`]))
    expect(log.one('shutdown_completed')).toMatchObject({ level: 'info' })
    expect(log.one('shutdown_completed')).not.toHaveProperty('cut')
  })

  test('what it returns takes it back', async () => {
    start()
    const said: string[] = []
    onShutdown('kept', () => said.push('kept'))
    onShutdown('taken', () => said.push('taken'))()
    await log.telltale.shutdown()
    expect(said).toEqual(['kept'])
  })

  test('one that hangs, throws or rejects is named, and the others are called', async () => {
    start({ flushTimeoutMs: 100 })
    const said: string[] = []
    onShutdown('last', () => said.push('last'))
    onShutdown('hangs', never)
    onShutdown('throws', () => {
      throw new Error('no, password=hunter2')
    })
    onShutdown('rejects', () => Promise.reject(new TypeError('not either')))
    await log.telltale.shutdown()
    expect(said).toEqual(['last'])
    expect(log.one('shutdown_completed')).toMatchObject({
      level: 'warning',
      cut: ['hook rejects', 'hook throws', 'hook hangs'],
    })
    expect(log.events('shutdown_hook_failed')).toMatchObject([
      { hook: 'rejects', level: 'warning', error: { type: 'TypeError', message: 'not either' } },
      { hook: 'throws', error: { message: 'no, password=[REDACTED]' } },
    ])
  })

  test('comes after requests and flows, and checks have stopped by then', async () => {
    start()
    const open = gate()
    let calls = 0
    health.check('pool', () => calls++, { intervalMs: 100 })
    const work = flow('retake', () => open.opened)
    let callsAtClose = -1
    onShutdown('pool', async () => {
      callsAtClose = calls
      await new Promise((resolve) => setTimeout(resolve, 300))
    })
    const over = log.telltale.shutdown()
    await until('the check goes on', () => calls > 2)
    expect(callsAtClose).toBe(-1)
    open.open()
    await Promise.all([work, over])
    expect(callsAtClose).toBe(calls)
    expect(log.lines.map(({ event }) => event)).toEqual([
      'retake_flow_started',
      'shutdown_started',
      'retake_flow_completed',
      'shutdown_completed',
    ])
  })
})

describe('onDrain', () => {
  test('is told at once, the last registered first, none waiting for another', async () => {
    const said: string[] = []
    const open = gate()
    for (const name of ['first', 'second']) {
      onDrain(name, () => {
        said.push(name)
        return open.opened
      })
    }
    start({ drainDelayMs: 200 })
    onShutdown('pool', () => said.push('pool'))
    const over = log.telltale.shutdown()
    expect(said).toEqual(['second', 'first'])
    open.open()
    await over
    expect(said).toEqual(['second', 'first', 'pool'])
  })

  test('a consumer finishes what it has, flows included, and no job is lost', async () => {
    start()
    const jobs = Array.from({ length: 20 }, (_each, n) => n)
    const taken: number[] = []
    const done: number[] = []
    let isStopping = false
    const step = gate()
    const consumer = (async () => {
      while (!isStopping && jobs.length > 0) {
        const job = jobs.shift()!
        taken.push(job)
        await flow('order', async (f) => {
          await f.step('pack', () => step.opened)
          await new Promise((resolve) => setTimeout(resolve, 5))
          done.push(job)
        })
      }
    })()
    onDrain('orders', () => {
      isStopping = true
      return consumer
    })
    onShutdown('queue', () => expect(done).toEqual(taken))
    await until('a job is taken', () => taken.length === 1)
    const over = log.telltale.shutdown()
    step.open()
    await over
    expect(done).toEqual(taken)
    expect(taken.length + jobs.length).toBe(20)
    expect(log.events('order_flow_completed')).toHaveLength(done.length)
    expect(log.events('order_flow_interrupted')).toEqual([])
    expect(log.one('shutdown_completed').level).toBe('info')
  })

  test('flows that are begun until it has stopped are waited for; those of who never stops end the drain no later', async () => {
    start({ drainTimeoutMs: 10_000 })
    const ends: (() => void)[] = []
    const begin = (name: string): void =>
      void flow(name, () => new Promise<void>((resolve) => ends.push(resolve)))
    onDrain('orders', async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      begin('order')
    })
    const over = log.telltale.shutdown()
    await until('the flow has begun', () => ends.length === 1)
    // Its own hook is over: nobody says how long this one goes on.
    await new Promise((resolve) => setTimeout(resolve, 20))
    begin('stray')
    ends[0]!()
    await over
    expect(log.events('order_flow_completed')).toHaveLength(1)
    expect(log.events('stray_flow_interrupted')).toHaveLength(1)
  })

  test('the signal aborts where the time is over, and the hook is named', async () => {
    start({ drainTimeoutMs: 100 })
    let signal: AbortSignal | undefined
    let atClose: boolean | undefined
    onDrain('orders', (given) => {
      ;({ signal } = given)
      return never()
    })
    onDrain('heeds', ({ signal: own }: Draining) => {
      return new Promise((_resolve, reject) =>
        own.addEventListener('abort', () => reject(own.reason as Error)),
      )
    })
    onShutdown('pool', () => (atClose = signal?.aborted))
    const over = log.telltale.shutdown()
    expect(signal?.aborted).toBe(false)
    await over
    expect(atClose).toBe(true)
    expect(log.one('shutdown_completed')['cut']).toEqual(['hook heeds', 'hook orders'])
    expect(log.events('shutdown_hook_failed')).toEqual([])
  })

  test('one that throws or rejects is named, and stops nothing', async () => {
    start()
    const said: string[] = []
    onDrain('last', () => said.push('last'))
    onDrain('throws', () => {
      throw new Error('at once')
    })
    onDrain('rejects', () => Promise.reject(new Error('later')))
    await log.telltale.shutdown()
    expect(said).toEqual(['last'])
    expect(log.events('shutdown_hook_failed').map((line) => line['hook'])).toEqual(['throws', 'rejects'])
    expect(log.one('shutdown_completed')).toMatchObject({ cut: ['hook throws', 'hook rejects'] })
  })

  test('one that is registered during the drain is told at once', async () => {
    start({ drainDelayMs: 200 })
    const said: string[] = []
    const over = log.telltale.shutdown()
    onDrain('late', () => said.push('late'))
    expect(said).toEqual(['late'])
    await over
    expect(said).toEqual(['late'])
  })

  test('belongs to no context, whoever asks for the shutdown', async () => {
    start()
    onDrain('throws', () => {
      throw new Error('at once')
    })
    await withContext({ tenant: 't1' }, () => log.telltale.shutdown())
    for (const line of log.lines) expect(line).not.toHaveProperty('tenant')
  })

  test('may ask for a shutdown itself', async () => {
    start({ drainTimeoutMs: 200 })
    onDrain('asks', () => void log.telltale.shutdown())
    await log.telltale.shutdown()
    expect(log.events('shutdown_started', 'shutdown_completed')).toHaveLength(2)
  })
})

describe('shutdown()', () => {
  test('twice is one drain and one pair of lines', async () => {
    start()
    const [one, two] = [log.telltale.shutdown(), log.telltale.shutdown()]
    await Promise.all([one, two])
    await log.telltale.shutdown()
    expect(log.events('shutdown_started', 'shutdown_completed')).toHaveLength(2)
  })

  test('of a former instance leaves the new one alone', async () => {
    start()
    const former = log.telltale
    await former.shutdown()
    start()
    const said: string[] = []
    onShutdown('new', () => said.push('new'))
    await former.shutdown()
    expect(said).toEqual([])
    await log.telltale.shutdown()
    expect(said).toEqual(['new'])
    expect(log.events('shutdown_completed')).toHaveLength(1)
  })
})

describe('bad arguments', () => {
  test.each([
    ['onShutdown', onShutdown],
    ['onDrain', onDrain],
  ])('%s() names what it was given and what it takes', (call, register) => {
    start()
    expect(() => register(5 as never, () => undefined)).toThrow(
      new TypeError(`${call}(): the first argument must be a name, a string that is not empty, got 5.`),
    )
    expect(() => register('', () => undefined)).toThrow(TypeError)
    expect(() => register('pool', { end: 1 } as never)).toThrow(
      `${call}("pool"): the second argument must be a function, got `,
    )
    const takeBack = Array.from({ length: 1000 }, () => register('pool', () => undefined))
    expect(() => register('pool', () => undefined)).toThrow(RangeError)
    for (const each of takeBack) each()
    register('pool', () => undefined)()
  })
})
