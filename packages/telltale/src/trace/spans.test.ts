import { afterEach, beforeEach, expect, it } from 'vitest'
import { flow, withContext } from '../index.js'
import { Query } from '../db/query.js'
import { Call } from '../http/outbound.js'
import { targetOf } from '../http/target.js'
import { Capture } from '../../test/support/capture.js'
import type { FinishedSpan } from './span.js'
import { tracing } from './tracing.js'

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
  expect(taken).toHaveLength(257)
  expect(taken.at(-1)).toMatchObject({ name: 'endless', parentSpanId: undefined })
})

it('the callee of an outbound call gets the call’s own span as its parent', async () => {
  let sent: readonly (readonly [string, string])[] = []
  await flow('order', (f) =>
    f.step('charge', () => {
      const call = new Call(targetOf('POST', 'localhost:8080', '/charges/4?token=abc'))
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
  expect(JSON.stringify(call)).not.toContain('abc')
})

it('a flow inside a context of its own has a trace; two flows beside each other have two', async () => {
  await withContext({ tenant_id: 't' }, async () => {
    await flow('first', () => undefined)
    await flow('second', () => undefined)
  })
  expect(new Set(taken.map(({ traceId }) => traceId)).size).toBe(2)
})
