import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createAgent, createClient, type Call } from '../traffic/client.js'
import type { Exchange } from '../traffic/exchange.js'
import { createIdentities } from '../traffic/identity.js'
import { createRandom } from '../traffic/random.js'
import { createWire } from '../traffic/wire.js'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<{ url: URL; exchanges: Exchange[] }> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), exchanges: [] }
}

const echo: RequestListener = (request, response) => {
  response.setHeader('x-request-id', request.headers['x-request-id'] ?? 'made-here-1')
  request.resume().on('end', () => response.writeHead(201).end('{"a":1}'))
}

const call: Call = { method: 'POST', path: '/things?x=1', route: '/things', json: { b: 2 }, expect: [201] }

function clientFor({ url, exchanges }: { url: URL; exchanges: Exchange[] }) {
  const identify = createIdentities('run', createRandom(1))
  const agent = createAgent()
  const client = createClient({ url, agent, identify, record: (exchange) => exchanges.push(exchange) })
  return { ...client, close: () => agent.destroy() }
}

test('an answered call is recorded with status, the id of the response and the ids sent', async () => {
  const target = await serve(echo)
  const client = clientFor(target)
  for (let sent = 0; sent < 20; sent++)
    expect(await client.send(call)).toEqual({ status: 201, body: { a: 1 } })
  client.close()
  expect(target.exchanges).toHaveLength(20)
  for (const exchange of target.exchanges) {
    expect(exchange).toMatchObject({ outcome: 'answered', method: 'POST', route: '/things', status: 201 })
    expect(exchange.request_id).toBe(exchange.sent_id ?? 'made-here-1')
    expect(exchange.expected).toBe(true)
  }
  const withIds = target.exchanges.filter(({ sent_id }) => sent_id !== null)
  expect(withIds.length).toBeGreaterThan(0)
  expect(withIds.length).toBeLessThan(20)
})

test('a status that the call cannot have is marked', async () => {
  const target = await serve(echo)
  const client = clientFor(target)
  await client.send({ ...call, expect: [200] })
  client.close()
  expect(target.exchanges).toMatchObject([{ status: 201, expected: false }])
})

test('a connection that breaks is a lost exchange, and no rejection', async () => {
  const target = await serve((request) => request.socket.destroy())
  const client = clientFor(target)
  expect(await client.send(call)).toBeUndefined()
  client.close()
  expect(target.exchanges).toMatchObject([
    { outcome: 'lost', status: null, expected: false, cause: 'the connection broke' },
  ])
})

test('a server that keeps silent is a lost exchange, however odd the bytes', async () => {
  const target = await serve(() => {})
  const record = (exchange: Exchange): void => void target.exchanges.push(exchange)
  const identify = createIdentities('run', createRandom(1))
  const agent = createAgent()
  await createClient({ url: target.url, agent, identify, record, timeoutMs: 50 }).send(call)
  agent.destroy()
  await createWire({ url: target.url, record, timeoutMs: 50 }).send({ ...call, lines: [], mayBeCut: true })
  expect(target.exchanges).toHaveLength(2)
  for (const exchange of target.exchanges) {
    expect(exchange).toMatchObject({
      outcome: 'lost',
      expected: false,
      cause: 'no whole answer within 50 ms',
    })
  }
})

test('of bytes that are cut off, only those that may be are expected to', async () => {
  const target = await serve((request) => request.socket.destroy())
  const wire = createWire({ url: target.url, record: (exchange) => target.exchanges.push(exchange) })
  const plain = { method: 'GET', path: '/things', route: '/things', lines: [], expect: [200] }
  await wire.send({ ...plain, mayBeCut: true })
  await wire.send(plain)
  expect(target.exchanges).toMatchObject([
    { outcome: 'lost', expected: true },
    { outcome: 'lost', expected: false },
  ])
})

test('an aborted call always has an id of its own, and reaches the server as an abort', async () => {
  let left: () => void = () => {}
  const seen = new Promise<void>((resolve) => (left = resolve))
  const target = await serve((request) => request.on('error', () => {}).on('close', left))
  const client = clientFor(target)
  await client.abort(call, 'in_body')
  await seen
  client.close()
  expect(target.exchanges).toMatchObject([
    { outcome: 'aborted', sent_id: expect.stringMatching(/^web-run-/) },
  ])
})

test('bytes that the parser refuses are recorded as refused, others by the id that came back', async () => {
  const target = await serve(echo)
  const wire = createWire({ url: target.url, record: (exchange) => target.exchanges.push(exchange) })
  const base = { method: 'GET', path: '/things', route: '/things', expect: [201, 400] }
  await wire.send({ ...base, lines: ['x-request-id: a\x00b'] })
  await wire.send({ ...base, lines: ['x-request-id: fine-id-1'] })
  expect(target.exchanges).toMatchObject([
    { outcome: 'refused', status: 400, request_id: null },
    { outcome: 'answered', status: 201, request_id: 'fine-id-1' },
  ])
})
