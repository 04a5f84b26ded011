import { createServer, request, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { observeHttp } from '../../src/adapters/http.js'
import { flow } from '../../src/index.js'
import { flushOtlp } from '../../src/otlp/index.js'
import { Collector } from '../otlp/collector.js'
import { attributesOf } from '../otlp/decode.js'
import { droppedOf, sending } from '../otlp/running.js'
import type { Capture } from '../support/capture.js'
import { until } from '../support/until.js'

let collector: Collector
let app: Capture
const closing: (() => void)[] = []

beforeEach(async () => {
  collector = await new Collector().open()
  app = sending(collector.endpoint)
})
afterEach(async () => {
  for (const close of closing.splice(0)) close()
  await app.telltale.shutdown()
  await collector.close()
})

async function serve(handler: RequestListener): Promise<number> {
  const server = createServer(observeHttp(handler)).listen(0, '127.0.0.1')
  closing.push(() => void server.close().closeAllConnections())
  await new Promise((resolve) => server.once('listening', resolve))
  return (server.address() as AddressInfo).port
}

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

it.each([
  ['vendor=opaque,other=1', 'vendor=opaque,other=1'],
  ['a=4111111111111111', ''],
  ['vendor=1,b=Bearer sk_live_abcdefghijklmnop', ''],
  ['c=AKIAIOSFODNN7EXAMPLE', ''],
])('a tracestate of %s leaves as %j', async (tracestate, left) => {
  const port = await serve((_req, res) => void res.end())
  await (await fetch(`http://127.0.0.1:${port}/`, { headers: { traceparent, tracestate } })).text()
  await app.ended(1)
  await flushOtlp()
  expect(collector.spans).toHaveLength(1)
  expect(collector.spans[0]!.traceState ?? '').toBe(left)
})

it('a handler’s error that can’t be read is answered, told and sent', async () => {
  const error = Object.defineProperty(new Error('mine'), 'stack', {
    get() {
      throw new Error('not mine')
    },
  })
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const lost = droppedOf('span', 'unreadable')
  for (const thrown of [error, proxy as Error]) {
    const port = await serve(async () => {
      await flow('job', (f) => f.step('one', () => Promise.reject(thrown)))
    })
    const response = await fetch(`http://127.0.0.1:${port}/`)
    expect(response.status).toBe(500)
    await response.text()
  }
  await app.ended(2)
  await flushOtlp()
  const names = ['job one', 'job', 'GET']
  expect(collector.spans.map(({ name }) => name)).toEqual([...names, ...names])
  expect(droppedOf('span', 'unreadable')).toBe(lost)
})

it.each([
  ['before the head', undefined, undefined],
  ['after it', 201, 201],
])('an aborted request is no error, and has the status that was sent: %s', async (_when, head, told) => {
  let isAsked = false
  const port = await serve((_req, res) => {
    if (head !== undefined) res.writeHead(head).write('a part')
    isAsked = true
  })
  const client = request({ port, host: '127.0.0.1' }).end()
  client.on('error', () => undefined)
  await until('the request is there', () => isAsked)
  client.destroy()
  await app.ended(1)
  await flushOtlp()
  const [span] = collector.spans
  const attributes = attributesOf(span!.attributes)
  expect(attributes['http.response.status_code']).toBe(told)
  expect(attributes['error.type']).toBe('aborted')
  expect(span!.status?.code ?? 0).toBe(0)
  expect(app.one('request_aborted')['status']).toBe(499)
})

it('a shutdown waits for the spans of what failed unsampled', async () => {
  await app.telltale.shutdown()
  app = sending(collector.endpoint, { tracesSampleRate: 0, logs: false, maxQueueSpans: 512 })
  const text = 'key=value '.repeat(2000)
  await flow('wide', async (f) => {
    for (let i = 0; i < 60; i++) {
      await f.step('one', () =>
        flow('inner', Object.fromEntries([...Array(30).keys()].map((k) => [`k${k}`, text])), () => i),
      )
    }
    throw new Error('at last')
  }).catch(() => undefined)
  await app.telltale.shutdown()
  const lost = droppedOf('span', 'kept_limit')
  expect(collector.spans.length + lost).toBe(121)
  expect(collector.spans.at(-1)!.name).toBe('wide')
})
