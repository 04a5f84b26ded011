import { createServer, type RequestListener, type Server } from 'node:http'
import { connect as connectHttp2, createServer as createHttp2 } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { observeHttp } from '../../src/adapters/http.js'
import { openExchanges } from '../../src/http/inflight.js'
import { eachAdapter } from '../support/adapters.js'
import { Capture } from '../support/capture.js'
import { RawConnection } from '../support/client.js'
import { metric } from '../support/scrape.js'
import { until } from '../support/until.js'

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`

eachAdapter((start) => {
  test('a client that leaves before the headers', async () => {
    const { app, log } = await start()
    const before = metric('http_requests_total', { path: '/held', status: '499' })
    const client = new RawConnection(app.port)
    client.send(get('/held'))
    await until('the request is open', () => openExchanges().size === 1)
    expect(metric('http_requests_in_progress', { method: 'GET' })).toBe(1)
    client.socket.destroy()
    await log.ended(1)
    // The handler answers into the void afterwards; that is no second end.
    app.gate.open()
    await new Promise((resolve) => setImmediate(resolve))
    expect(log.ends).toHaveLength(1)
    expect(log.one('request_aborted')).toMatchObject({
      level: 'warning',
      route: '/held',
      status: 499,
      path: '/held',
    })
    expect(metric('http_requests_total', { path: '/held', status: '499' })).toBe(before + 1)
    expect(metric('http_requests_in_progress')).toBe(0)
  })

  test('what the handler throws after its client has left is still said, under the request', async () => {
    const { app, log } = await start()
    const client = new RawConnection(app.port)
    client.send(get('/held-fail'))
    await until('the request is open', () => openExchanges().size === 1)
    client.socket.destroy()
    await log.ended(1)
    app.gate.open()
    await until('the error is said', () => log.events('request_failed_late').length > 0)
    expect(log.one('request_failed_late')).toMatchObject({
      level: 'warning',
      route: '/held-fail',
      request_id: log.one('request_aborted')['request_id'],
      error: { type: 'PaymentError', stack: expect.any(String) as string },
    })
    expect(log.ends).toHaveLength(1)
  })

  test('a client that leaves midway through the response', async () => {
    const { app, log } = await start()
    const client = new RawConnection(app.port)
    client.send(get('/held-body'))
    await until('the first part has come', () => client.text.includes('first,'))
    client.socket.destroy()
    await log.ended(1)
    app.gate.open()
    await new Promise((resolve) => setImmediate(resolve))
    expect(log.ends).toHaveLength(1)
    expect(log.one('request_aborted')).toMatchObject({ status: 499, route: '/held-body' })
  })

  test('a client that leaves midway through its own body', async () => {
    const { app, log } = await start()
    const client = new RawConnection(app.port)
    client.send(
      'POST /count HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: 900\r\n\r\nhalf',
    )
    await until('the request is open', () => openExchanges().size === 1)
    client.socket.destroy()
    await log.ended(1)
    expect(log.ends).toHaveLength(1)
    expect(log.one('request_aborted')).toMatchObject({ method: 'POST', route: '/count', status: 499 })
    expect(metric('http_requests_in_progress')).toBe(0)
  })

  test('a client that leaves a connection of pipelined requests', async () => {
    const { app, log } = await start()
    const client = new RawConnection(app.port)
    client.send(get('/held') + get('/hello') + get('/throw') + get('/held'))
    await until('all are open', () => openExchanges().size === 4)
    client.socket.destroy()
    await log.ended(4)
    app.gate.open()
    await new Promise((resolve) => setImmediate(resolve))
    expect(log.ends).toHaveLength(4)
    expect(metric('http_requests_in_progress')).toBe(0)
  })

  test('of a hundred clients that leave at any time each request ends once', async () => {
    const { app, log } = await start()
    const count = 100
    let sent = 0
    const clients = Array.from({ length: count }, (_each, index) => {
      const client = new RawConnection(app.port)
      client.socket.on('connect', () => {
        client.send(get(`/work/${index}/${index % 7}`))
        setTimeout(() => client.socket.destroy(), index % 5)
        sent++
      })
      return client
    })
    await Promise.all(clients.map(({ closed }) => closed))
    expect(sent).toBe(count)
    await until('no request is open', () => openExchanges().size === 0)
    const ids = log.ends.map((line) => line['request_id'])
    expect(new Set(ids).size).toBe(ids.length)
    const begun = new Set(log.events('work_started').map((line) => line['request_id']))
    expect([...begun].filter((id) => !ids.includes(id))).toEqual([])
    expect(metric('http_requests_in_progress')).toBe(0)
  })
})

describe.each(['http', 'http2'])('a client that leaves over %s', (kind) => {
  const running: { server: Server; log: Capture }[] = []
  afterEach(async () => {
    for (const { server, log } of running.splice(0)) {
      server.close()
      await log.telltale.shutdown()
    }
  })

  /** What is said of a request whose client leaves as soon as `left` holds of its response. */
  async function endOf(handler: RequestListener, left: () => unknown): Promise<Capture> {
    const log = new Capture({ lifecycle: { drainTimeoutMs: 50 } })
    const listener = observeHttp(handler)
    const server =
      kind === 'http' ? createServer(listener) : (createHttp2(listener as never) as never as Server)
    running.push({ server, log })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    if (kind === 'http') {
      const client = new RawConnection(port)
      client.socket.pause()
      client.send(get('/report'))
      await until('it may leave', left)
      client.socket.destroy()
    } else {
      const session = connectHttp2(`http://127.0.0.1:${port}`).on('error', () => undefined)
      session.request({ ':path': '/report' }).on('error', () => undefined)
      await until('it may leave', left)
      session.destroy()
    }
    await log.ended(1)
    return log
  }

  test('before the handler has answered', async () => {
    const log = await endOf(
      () => undefined,
      () => openExchanges().size === 1,
    )
    expect(log.ends).toMatchObject([{ event: 'request_aborted', status: 499 }])
  })

  test('after the response was ended, and before it was sent', async () => {
    let isEnded = false
    const log = await endOf(
      (_req, res) => {
        // More than both ends of a connection hold on loopback.
        res.end(Buffer.alloc(20_000_000))
        isEnded = true
      },
      () => isEnded,
    )
    expect(log.ends).toMatchObject([{ event: 'request_aborted', status: 499 }])
  })
})

test('a response that was sent whole is complete, though the handler ends its connection at once', async () => {
  const log = new Capture()
  const server = createServer(
    observeHttp((req, res) => {
      res.end('too much')
      req.socket.destroy()
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = new RawConnection((server.address() as AddressInfo).port)
  client.send(get('/upload'))
  await client.closed
  await log.ended(1)
  expect(client.text).toMatch(/too much$/)
  expect(log.ends).toMatchObject([{ event: 'request_completed', status: 200 }])
  server.close()
  await log.telltale.shutdown()
})
