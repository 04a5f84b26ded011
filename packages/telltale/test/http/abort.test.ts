import { expect, test } from 'vitest'
import { openExchanges } from '../../src/http/inflight.js'
import { eachAdapter } from '../support/adapters.js'
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
