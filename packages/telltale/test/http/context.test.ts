import { Agent } from 'node:http'
import { expect, test } from 'vitest'
import { eachAdapter } from '../support/adapters.js'
import { ask, RawConnection } from '../support/client.js'
import { metric } from '../support/scrape.js'
import { until } from '../support/until.js'

eachAdapter((start) => {
  test("listeners of the response's finish and close are part of the request", async () => {
    const { app, log } = await start()
    const { headers } = await ask(app.port, '/listeners')
    await log.ended(1)
    await until('both are heard', () => log.events('response_finished', 'response_closed').length === 2)
    for (const line of log.events('response_finished', 'response_closed')) {
      expect(line).toMatchObject({ request_id: headers['x-request-id'], method: 'GET', path: '/listeners' })
    }
  })

  test('what outlives its request keeps the trace, and nothing else of it', async () => {
    const { app, log } = await start()
    await ask(app.port, '/later')
    await log.ended(1)
    app.gate.open()
    await until('the late event is there', () => log.events('late_event').length === 1)
    const [late, end] = [log.one('late_event'), log.one('request_completed')]
    for (const key of ['request_id', 'method', 'path', 'client_request_id'])
      expect(late).not.toHaveProperty(key)
    expect([late['trace_id'], late['span_id']]).toEqual([end['trace_id'], end['span_id']])
    expect(log.lines.findIndex(({ event }) => event === 'late_event')).toBe(log.lines.length - 1)
  })

  test('200 concurrent requests over few sockets mix no ids', async () => {
    const { app, log } = await start()
    const before = metric('http_requests_total', { path: '/work/:n/:ms' })
    const observed = metric('http_request_duration_seconds_count', { path: '/work/:n/:ms' })
    const agent = new Agent({ keepAlive: true, maxSockets: 8 })
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_each, n) =>
        ask(app.port, `/work/${n}/${(n * 7) % 13}`, { agent, headers: { 'x-request-id': `request-${n}` } }),
      ),
    )
    await log.ended(200)
    agent.destroy()
    for (const [n, { body, headers }] of answers.entries()) {
      expect([body, headers['x-request-id']]).toEqual([String(n), `request-${n}`])
    }
    const lines = log.events('work_started', 'work_done')
    expect(lines).toHaveLength(400)
    for (const line of lines) expect(line['request_id']).toBe(`request-${String(line['n'])}`)
    for (const line of log.ends) {
      expect(String(line['path'])).toMatch(new RegExp(`^/work/${String(line['request_id']).slice(8)}/`))
    }
    expect(new Set(log.ends.map((line) => line['request_id'])).size).toBe(200)
    expect(log.ends).toHaveLength(200)
    expect(new Set(log.ends.map((line) => line['trace_id'])).size).toBe(200)
    expect(metric('http_requests_total', { path: '/work/:n/:ms', status: '200' })).toBe(before + 200)
    expect(metric('http_request_duration_seconds_count', { path: '/work/:n/:ms' })).toBe(observed + 200)
    expect(metric('http_requests_in_progress')).toBe(0)
  })

  test('pipelined requests are answered in order, each with its own id', async () => {
    const { app, log } = await start()
    const client = new RawConnection(app.port)
    const requests = Array.from({ length: 20 }, (_each, n) => {
      const last = n === 19 ? 'Connection: close\r\n' : ''
      return `GET /work/${n}/${(n * 7) % 5} HTTP/1.1\r\nHost: a\r\nX-Request-Id: pipelined-${n}\r\n${last}\r\n`
    })
    client.send(requests.join(''))
    await client.closed
    await log.ended(20)
    const ids = [...client.text.matchAll(/^x-request-id: (.*)\r$/gim)].map(([, id]) => id)
    expect(ids).toEqual(Array.from({ length: 20 }, (_each, n) => `pipelined-${n}`))
    for (const line of log.events('work_started', 'work_done')) {
      expect(line['request_id']).toBe(`pipelined-${String(line['n'])}`)
    }
    expect(log.ends).toHaveLength(20)
  })

  test('lines between requests have none of their fields', async () => {
    const { app, log } = await start()
    await ask(app.port, '/hello')
    await log.ended(1)
    const { getLogger } = await import('../../src/index.js')
    getLogger('app').info('between')
    for (const key of ['request_id', 'trace_id', 'span_id', 'method', 'path']) {
      expect(log.one('between')).not.toHaveProperty(key)
    }
  })
})
