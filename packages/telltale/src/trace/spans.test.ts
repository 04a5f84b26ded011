import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { currentScope } from '../context/scope.js'
import { flow, withContext } from '../index.js'
import { Query } from '../db/query.js'
import { Call } from '../http/outbound.js'
import { targetOf } from '../http/target.js'
import { droppedCounts } from '../self/dropped.js'
import { Capture } from '../../test/support/capture.js'
import { allHaveLeft } from './leaving.js'
import type { FinishedSpan } from './span.js'
import { tracing } from './tracing.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

let out: Capture
let taken: FinishedSpan[]
const { sample } = tracing

beforeEach(() => {
  out = new Capture()
  taken = []
  tracing.exit = { take: (span) => void taken.push(span) }
  tracing.sample = () => true
})
afterEach(async () => {
  tracing.exit = undefined
  tracing.sample = sample
  await out.telltale.shutdown()
})

const broken = (): Promise<never> => Promise.reject(new Error('no room, password=hunter2'))

it('a flow, its steps and their queries are spans below each other', async () => {
  await flow('import', { batch: 7, token: 'abc', list: [1] }, async (f) => {
    f.set({ rows: 2 })
    await f.step('read', async () => new Query('postgresql', 'select * from t where name = $1', 1000).done(1))
    await f.step('write', () => 1)
  })
  const names = taken.map(({ name }) => name)
  expect(names).toEqual(['SELECT', 'import read', 'import write', 'import'])
  const [query, read, write, root] = taken as [FinishedSpan, FinishedSpan, FinishedSpan, FinishedSpan]
  expect(root.parentSpanId).toBeUndefined()
  expect(read.parentSpanId).toBe(root.spanId)
  expect(write.parentSpanId).toBe(root.spanId)
  expect(query.parentSpanId).toBe(read.spanId)
  expect(new Set(taken.map(({ traceId }) => traceId)).size).toBe(1)
  expect(query).toMatchObject({
    kind: 'client',
    attributes: { 'db.system.name': 'postgresql', 'db.operation.name': 'SELECT' },
  })
  expect(root).toMatchObject({
    kind: 'internal',
    error: undefined,
    attributes: {
      batch: 7,
      rows: 2,
      token: '[REDACTED]',
      flow: 'import',
      outcome: 'completed',
      last_step: 'write',
    },
  })
  expect(root.attributes).not.toHaveProperty('list')
  expect(root.endedAt).toBeGreaterThanOrEqual(write.endedAt)
  expect(out.one('import_flow_started')).toMatchObject({ trace_id: root.traceId, span_id: root.spanId })
})

it('what is not sampled leaves nothing, unless it fails: then all of it leaves, once it is over', async () => {
  tracing.sample = () => false
  await flow('fine', (f) => f.step('one', () => 1))
  expect(taken).toEqual([])
  await expect(
    flow('bad', async (f) => (await f.step('one', () => 1), f.step('two', broken))),
  ).rejects.toThrow()
  await allHaveLeft()
  expect(taken.map(({ name, error }) => [name, error?.message])).toEqual([
    ['bad one', undefined],
    ['bad two', 'no room, password=[REDACTED]'],
    ['bad', 'no room, password=[REDACTED]'],
  ])
})

it('a failing step that is caught is no failure of the flow', async () => {
  tracing.sample = () => false
  await flow('careful', (f) => f.step('try', broken).catch(() => undefined))
  expect(taken).toEqual([])
})

it('of an endless trace that fails a bounded part is kept, and the rest is counted', async () => {
  tracing.sample = () => false
  const failing = flow('endless', async (f) => {
    for (let i = 0; i < 1000; i++) await f.step('again', () => i)
    throw new Error('at last')
  })
  await expect(failing).rejects.toThrow('at last')
  await allHaveLeft()
  expect(taken).toHaveLength(257)
  expect(taken.at(-1)).toMatchObject({ name: 'endless', parentSpanId: undefined })
})

it('the callee of an outbound call gets the call’s own span as its parent', async () => {
  let sent: readonly (readonly [string, string])[] = []
  await flow('order', (f) =>
    f.step('charge', () => {
      const call = new Call(targetOf('POST', 'localhost:8080', '/charges/4?token=S3cretC4nary'))
      sent = call.propagation(() => false)
      call.answered(502)
      call.completed()
      new Call(targetOf('GET', 'example.com', '/')).propagation(() => false)
    }),
  )
  const [call, step] = taken as [FinishedSpan, FinishedSpan]
  expect(call).toMatchObject({
    name: 'POST',
    kind: 'client',
    parentSpanId: step.spanId,
    error: { type: '502', message: '' },
    attributes: {
      'http.request.method': 'POST',
      'server.address': 'localhost',
      'server.port': 8080,
      'url.path': '/charges/4',
      'http.response.status_code': 502,
      'error.type': '502',
    },
  })
  expect(new Map(sent).get('traceparent')).toBe(`00-${call.traceId}-${call.spanId}-01`)
  expect(JSON.stringify(call)).not.toContain('S3cretC4nary')
})

it('a flow that goes on after the one it began in, and fails, leaves all of both', async () => {
  tracing.sample = () => false
  let fail = (_error: Error): void => undefined
  let late: Promise<unknown> = Promise.resolve()
  await flow('request', async (f) => {
    late = flow('job', async (g) => {
      await g.step('begin', () => 1)
      await g.step('end', () => new Promise((_, reject) => (fail = reject)))
    }).catch(() => undefined)
    await f.step('answer', () => 1)
  })
  expect(taken).toEqual([])
  fail(new Error('too late'))
  await late
  await allHaveLeft()
  const names = taken.map(({ name }) => name)
  expect(names.toSorted()).toEqual(['job', 'job begin', 'job end', 'request', 'request answer'])
  const ids = new Set(taken.map(({ spanId }) => spanId))
  expect(taken.filter(({ parentSpanId }) => parentSpanId !== undefined && !ids.has(parentSpanId))).toEqual([])
})

it('of a trace that is too large the spans that others are below have their place', async () => {
  tracing.sample = () => false
  const failing = flow('request', () =>
    flow('job', async (g) => {
      for (let i = 0; i < 1000; i++) await g.step('again', () => i)
      throw new Error('at last')
    }),
  )
  await expect(failing).rejects.toThrow()
  await allHaveLeft()
  expect(taken.map(({ name }) => name)).toEqual(expect.arrayContaining(['job', 'request']))
})

it('a flow inside a context of its own has a trace; two flows beside each other have two', async () => {
  await withContext({ tenant_id: 't' }, async () => {
    await flow('first', () => undefined)
    await flow('second', () => undefined)
  })
  expect(new Set(taken.map(({ traceId }) => traceId)).size).toBe(2)
})

it('an error that can’t be read is the user’s all the same, and told as far as it can be', async () => {
  const sly = Object.defineProperty(new Error('mine'), 'stack', {
    get() {
      throw new Error('not mine')
    },
  })
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  for (const thrown of [sly, proxy]) {
    for (const isSampled of [true, false]) {
      tracing.sample = () => isSampled
      const failing = flow('sly', (f) => f.step('one', () => Promise.reject(thrown as Error)))
      expect(await failing.catch((caught: unknown) => caught === thrown)).toBe(true)
    }
  }
  expect(taken.map(({ name }) => name)).toEqual(Array.from({ length: 4 }, () => ['sly one', 'sly']).flat())
  expect(taken[0]!.error).toEqual({ type: 'Error', message: 'mine', stack: undefined })
})

it('a span that can’t be read is counted, and harms nobody', async () => {
  const before = lost('unreadable')
  vi.spyOn(Query.prototype, 'describe').mockImplementation(() => {
    throw new Error('no')
  })
  for (const isSampled of [true, false]) {
    tracing.sample = () => isSampled
    await expect(
      flow('odd', () => {
        new Query('postgresql', 'select 1', 1000).done(1)
        throw new Error('at last')
      }),
    ).rejects.toThrow('at last')
  }
  vi.restoreAllMocks()
  expect(taken.map(({ name }) => name)).toEqual(['odd', 'odd'])
  expect(lost('unreadable') - before).toBe(2)
})

it('what is kept holds on to nothing that lives: no error, for instance', async () => {
  tracing.sample = () => false
  let error: Error | undefined = Object.assign(new Error('x'), { body: 'large' })
  const held = new WeakRef(error)
  const fail = (): never => {
    throw error!
  }
  let isHeld: boolean | undefined
  await expect(
    flow('upload', async (f) => {
      await f.step('send', fail).catch(() => undefined)
      error = undefined
      for (let turns = 0; turns < 50 && isHeld !== false; turns++) {
        await new Promise((resolve) => setImmediate(resolve))
        collect()
        isHeld = held.deref() !== undefined
      }
      throw new Error('at last')
    }),
  ).rejects.toThrow('at last')
  expect(isHeld).toBe(false)
  expect(taken.map(({ name, error }) => [name, error?.message])).toEqual([
    ['upload send', 'x'],
    ['upload', 'at last'],
  ])
})

it('long names of steps are held by nothing once they have left', async () => {
  const before = heapOf()
  for (let i = 0; i < 50; i++) await flow('long', (f) => f.step(`${i}`.padEnd(1e6, `step ${i} `), () => i))
  expect(taken.map(({ name }) => name.length).every((length) => length < 300)).toBe(true)
  taken.length = 0
  out.text = ''
  expect(heapOf() - before).toBeLessThan(25e6)
})

it('what is kept is bounded by its weight too', async () => {
  tracing.sample = () => false
  const before = lost('kept_limit')
  const failing = flow('wordy', async (f) => {
    for (let i = 0; i < 200; i++)
      await f.step('say', () => heavy('stack '.repeat(2600))).catch(() => undefined)
    throw new Error('at last')
  })
  await expect(failing).rejects.toThrow('at last')
  await allHaveLeft()
  // 15,600 characters each, and those of the step.
  expect(taken.length - 1).toBeGreaterThan(120)
  expect(taken.length - 1).toBeLessThanOrEqual(134)
  expect(lost('kept_limit') - before).toBe(200 - (taken.length - 1))
})

it('long flows that are not sampled give way to one that fails', async () => {
  tracing.sample = () => false
  const before = lost('kept_limit')
  let full = 0
  let finish = (): void => undefined
  const until = new Promise<void>((resolve) => (finish = resolve))
  const long = Array.from({ length: 64 }, () =>
    flow('consume', async (f) => {
      for (let i = 0; i < 256; i++) await f.step('message', () => i)
      full++
      await until
    }),
  )
  await expect.poll(() => full).toBe(64)
  await expect(
    flow('pay', async (f) => (await f.step('charge', () => 1), f.step('book', broken))),
  ).rejects.toThrow()
  finish()
  await Promise.all(long)
  expect(taken.map(({ name }) => name)).toEqual(['pay charge', 'pay book', 'pay'])
  expect(lost('kept_limit') - before).toBe(256)
})

it('many spans of a trace that failed leave in slices, in order, and what ends later comes behind', async () => {
  tracing.sample = () => false
  let clock = 0
  const now = vi.spyOn(performance, 'now').mockImplementation(() => clock++)
  let late: Query | undefined
  const failing = flow('wide', async (f) => {
    for (let i = 0; i < 250; i++) await f.step(`s${i % 10}`, () => i)
    late = new Query('postgresql', 'select 1', 1000)
    throw new Error('at last')
  })
  await expect(failing).rejects.toThrow('at last')
  expect(taken.length).toBeLessThan(200)
  late!.done(1)
  await allHaveLeft()
  now.mockRestore()
  const steps = Array.from({ length: 250 }, (_, i) => `wide s${i % 10}`)
  expect(taken.map(({ name }) => name)).toEqual([...steps, 'wide', 'SELECT'])
})

it('where neither sampling nor failing lets a span leave, none is made', async () => {
  tracing.sample = () => false
  tracing.keepOnError = false
  try {
    let sent: readonly (readonly [string, string])[] = []
    await flow('bare', () => {
      sent = new Call(targetOf('GET', 'localhost:8080', '/')).propagation(() => false)
      expect(currentScope()!.trace).toBeUndefined()
    })
    const { trace_id, span_id } = out.one('bare_flow_completed')
    expect(new Map(sent).get('traceparent')).toBe(`00-${trace_id}-${span_id}-00`)
    expect(taken).toEqual([])
  } finally {
    tracing.keepOnError = true
  }
})

function lost(reason: string): number {
  return [...droppedCounts()].find((each) => each.signal === 'span' && each.reason === reason)?.count ?? 0
}

function heapOf(): number {
  collect()
  return process.memoryUsage().heapUsed
}

function heavy(stack: string): Promise<never> {
  return Promise.reject(Object.defineProperty(new Error('x'), 'stack', { value: stack }))
}
