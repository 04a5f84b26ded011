import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { startChild } from '../../harness/children.mjs'

let receiver
afterEach(() => receiver?.stop())

// One resource of one scope of one span, or record, with nothing but a trace id of two bytes.
const item = [10, 2, 171, 205]
const request = Buffer.from([10, 8, 18, 6, 18, 4, ...item])

async function started() {
  receiver = startChild(fileURLToPath(new URL('receiver.mjs', import.meta.url)))
  return (await receiver.next()).port
}

async function post(port, path, body, headers = {}) {
  const res = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body, headers })
  return [res.status, await res.text()]
}

test('what is sent is counted, gzip or not, spans and records apart, and can be forgotten', async () => {
  const port = await started()
  expect(await post(port, '/v1/traces', request)).toEqual([200, ''])
  expect(await post(port, '/v1/traces', gzipSync(request), { 'content-encoding': 'gzip' })).toEqual([200, ''])
  expect(await post(port, '/v1/logs', request)).toEqual([200, ''])
  expect(await post(port, '/v1/else', request)).toEqual([404, ''])
  expect(await receiver.ask('count')).toMatchObject({
    spans: 2,
    records: 1,
    exports: 3,
    traces: 1,
    sizes: { 2: 1 },
  })
  const { spans } = await receiver.ask('spans')
  expect(spans.map(({ traceId }) => traceId)).toEqual(['abcd', 'abcd'])
  await receiver.ask('forget')
  expect(await receiver.ask('count')).toMatchObject({
    spans: 0,
    records: 0,
    exports: 0,
    traces: 0,
    sizes: {},
  })
})

test('it goes down, and comes back on the same port with what it had', async () => {
  const port = await started()
  await post(port, '/v1/traces', request)
  await receiver.ask('down')
  await expect(post(port, '/v1/traces', request)).rejects.toThrow('fetch failed')
  expect(await receiver.ask('up')).toEqual({ port })
  await post(port, '/v1/traces', request)
  expect(await receiver.ask('count')).toMatchObject({ spans: 2 })
})

test('a body that is no protobuf is an error when it is counted', async () => {
  const port = await started()
  await post(port, '/v1/traces', Buffer.from([10, 200]))
  await expect(receiver.ask('count')).rejects.toThrow('ends inside')
})
