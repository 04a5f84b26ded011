import { createServer, type OutgoingHttpHeader, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { observeHttp } from '../../src/adapters/http.js'
import { openExchanges } from '../../src/http/inflight.js'
import { onShutdown } from '../../src/index.js'
import { Capture } from '../support/capture.js'
import { RawConnection } from '../support/client.js'
import { type Gate, gate, until } from '../support/until.js'

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`

let log: Capture
let server: Server
let held: Gate
const said: string[] = []
const clients: RawConnection[] = []

beforeEach(() => {
  log = new Capture({ lifecycle: { drainDelayMs: 300, drainTimeoutMs: 10_000 } })
  held = gate()
  onShutdown('pool', () => said.push('pool'))
})

afterEach(async () => {
  held.open()
  for (const client of clients.splice(0)) client.socket.destroy()
  await log.telltale.shutdown()
  server.close()
  said.length = 0
})

/** Holds what it is asked for; `/odd` has headers that can't be changed, others tell what is set from then on. */
const answer: RequestListener = (req, res) => {
  const setHeader = res.setHeader.bind(res)
  res.setHeader = (name, value: OutgoingHttpHeader) => {
    if (req.url === '/odd') throw new Error('headers are frozen')
    if (name === 'connection') said.push(`${req.url} ${String(value)}`)
    return setHeader(name, value as string)
  }
  void held.opened.then(() => res.writeHead(200).end('whole'))
}

async function listen(): Promise<number> {
  server = createServer(observeHttp(answer))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function opened(count: number): Promise<void> {
  await until(`${count} are open`, () => openExchanges().size === count)
}

async function raw(port: number, text: string): Promise<RawConnection> {
  const client = new RawConnection(port)
  clients.push(client)
  client.send(text)
  await opened(clients.length)
  return client
}

test('a response that takes no header does not hinder the others, nor the drain, nor those that come', async () => {
  const port = await listen()
  const odd = await raw(port, get('/odd'))
  const one = await raw(port, get('/one'))
  const over = log.telltale.shutdown()
  const next = await raw(port, get('/next'))
  held.open()
  await over
  await Promise.all([odd, one, next].map(({ closed }) => closed))
  expect(odd.text).toMatch(/^HTTP\/1\.1 200 [^]*whole/)
  for (const { text } of [one, next]) expect(text).toMatch(/^connection: close\r\n[^]*whole$/im)
  expect(said.at(-1)).toBe('pool')
  expect(log.events('request_completed')).toHaveLength(3)
  expect(log.one('shutdown_completed').level).toBe('info')
})

test('each response is told once, however many come after it on other connections', async () => {
  const port = await listen()
  for (const path of ['/1', '/2']) await raw(port, get(path))
  const over = log.telltale.shutdown()
  for (const path of ['/3', '/4']) await raw(port, get(path))
  expect(said).toEqual(['/1 close', '/2 close'])
  held.open()
  await over
})

test('on a connection it moves to the last response, the one that comes while the drain goes on, too', async () => {
  const port = await listen()
  const client = new RawConnection(port)
  clients.push(client)
  client.send(get('/1') + get('/2'))
  await opened(2)
  const over = log.telltale.shutdown()
  client.send(get('/3') + get('/4'))
  await opened(4)
  held.open()
  await over
  await client.closed
  const heads = client.text.split('HTTP/1.1 200 ').slice(1)
  expect(heads.map((head) => /^connection: close\r$/im.test(head))).toEqual([false, false, false, true])
})
