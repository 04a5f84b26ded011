import { createServer, request, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { observeHttp } from '../../src/adapters/http.js'
import { flow } from '../../src/index.js'
import { flushOtlp } from '../../src/otlp/index.js'
import { allHaveLeft } from '../../src/trace/leaving.js'
import { Collector } from '../otlp/collector.js'
import { attributesOf } from '../otlp/decode.js'
import { droppedOf, sending, span, take } from '../otlp/running.js'
import type { Capture } from '../support/capture.js'
import { until } from '../support/until.js'

vi.mock(import('../../src/trace/leaving.js'), async (original) => {
  const real = await original()
  return { ...real, allHaveLeft: vi.fn<typeof allHaveLeft>(real.allHaveLeft) }
})

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
  const [sent] = collector.spans
  const attributes = attributesOf(sent!.attributes)
  expect(attributes['http.response.status_code']).toBe(told)
  expect(attributes['error.type']).toBe('aborted')
  expect(sent!.status?.code ?? 0).toBe(0)
  expect(app.one('request_aborted')['status']).toBe(499)
})

it('what is still leaving when a flush begins is sent by it', async () => {
  vi.mocked(allHaveLeft).mockImplementationOnce(async () => {
    await new Promise((resolve) => setImmediate(resolve))
    take(span({ name: 'late' }))
  })
  await flushOtlp()
  expect(collector.spans.map(({ name }) => name)).toEqual(['late'])
})
