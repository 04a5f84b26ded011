import { describe, expect, test } from 'vitest'
import { eachAdapter } from '../support/adapters.js'
import { ask, RawConnection } from '../support/client.js'

const ownId = /^[0-9a-f]{16}$/
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const parentId = '00f067aa0ba902b7'
const traceparent = `00-${traceId}-${parentId}-01`

eachAdapter((start) => {
  describe('request id', () => {
    test.each(['abcdefgh', 'a.b~c:d-e_f', '01J0ZK4Q2S7V8W9X', 'x'.repeat(128)])(
      '%s is taken over',
      async (id) => {
        const { app, log } = await start()
        const answer = await ask(app.port, '/users/7/orders/9', { headers: { 'x-request-id': id } })
        await log.ended(1)
        expect(answer.headers['x-request-id']).toBe(id)
        for (const event of ['order_read', 'request_completed']) expect(log.one(event)['request_id']).toBe(id)
        expect(log.one('request_completed')).not.toHaveProperty('client_request_id')
      },
    )

    test.each(['short', 'with space', 'x'.repeat(129), 'a"b\\c{}<>', 'x'.repeat(8000), 'semi;colon'])(
      '%j is refused and kept as client_request_id',
      async (id) => {
        const { app, log } = await start()
        // The client refuses to send control characters; a socket doesn't.
        const raw = new RawConnection(app.port)
        raw.send(`GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Request-Id: ${id}\r\n\r\n`)
        await raw.closed
        if (raw.text.startsWith('HTTP/1.1 400')) return expect(log.ends).toEqual([])
        await log.ended(1)
        const line = log.one('request_completed')
        expect(line['request_id']).toMatch(ownId)
        expect(line['client_request_id']).toBe(
          id.length > 128 ? `${id.slice(0, 128)}…(+${id.length - 128} chars)` : id,
        )
        expect(raw.text.toLowerCase()).toContain(`x-request-id: ${String(line['request_id'])}\r\n`)
      },
    )

    test('with control characters does not get past Node', async () => {
      const { app, log } = await start()
      const raw = new RawConnection(app.port)
      raw.send('GET /hello HTTP/1.1\r\nHost: a\r\nX-Request-Id: \x1b[31mred\x1b[0m\r\n\r\n')
      await raw.closed
      expect(raw.text).toMatch(/^HTTP\/1.1 400 /)
      expect(log.ends).toEqual([])
    })

    test('is made where none is given, another for each request', async () => {
      const { app, log } = await start()
      const ids = [await ask(app.port, '/hello'), await ask(app.port, '/hello')].map(
        ({ headers }) => headers['x-request-id'],
      )
      await log.ended(2)
      expect(ids[0]).toMatch(ownId)
      expect(ids[1]).toMatch(ownId)
      expect(ids[0]).not.toBe(ids[1])
      expect(log.ends.map((line) => line['request_id'])).toEqual(ids)
    })

    test("trust 'none' takes over neither id nor trace", async () => {
      const { app, log } = await start({}, { requests: { trust: 'none' } })
      const headers = { 'x-request-id': 'abcdefgh', traceparent }
      const answer = await ask(app.port, '/hello', { headers })
      await log.ended(1)
      const line = log.one('request_completed')
      expect(answer.headers['x-request-id']).toMatch(ownId)
      expect(line['client_request_id']).toBe('abcdefgh')
      expect(line['trace_id']).not.toBe(traceId)
    })

    test('a trust function decides by the request; one that throws trusts nobody', async () => {
      const { app, log } = await start(
        {},
        {
          requests: {
            trust: (req) => {
              if (req.headers['x-mode'] === 'throws') throw new Error('no')
              return req.headers['x-mode'] === 'friend'
            },
          },
        },
      )
      const seen: unknown[] = []
      for (const mode of ['friend', 'stranger', 'throws']) {
        const answer = await ask(app.port, '/hello', {
          headers: { 'x-request-id': 'abcdefgh', 'x-mode': mode },
        })
        expect(answer.status).toBe(200)
        seen.push(answer.headers['x-request-id'] === 'abcdefgh')
      }
      await log.ended(3)
      expect(seen).toEqual([true, false, false])
    })
  })

  describe('trace', () => {
    test('of the caller is continued under a span of our own', async () => {
      const { app, log } = await start()
      await ask(app.port, '/users/7/orders/9', { headers: { traceparent, tracestate: 'a=1,b=2' } })
      await log.ended(1)
      const [own, end] = [log.one('order_read'), log.one('request_completed')]
      expect(end['trace_id']).toBe(traceId)
      expect(end['span_id']).toMatch(ownId)
      expect(end['span_id']).not.toBe(parentId)
      expect([own['trace_id'], own['span_id']]).toEqual([end['trace_id'], end['span_id']])
    })

    test.each([
      'garbage',
      `00-${'0'.repeat(32)}-${parentId}-01`,
      `00-${traceId}-${'0'.repeat(16)}-01`,
      `ff-${traceId}-${parentId}-01`,
      `00-${traceId.toUpperCase()}-${parentId}-01`,
      `00-${traceId}-${parentId}-01-more`,
      `00-${traceId}-${parentId}`,
    ])('%s is ignored and a new one begins', async (header) => {
      const { app, log } = await start()
      const answer = await ask(app.port, '/hello', { headers: { traceparent: header } })
      await log.ended(1)
      expect(answer.status).toBe(200)
      const line = log.one('request_completed')
      expect(line['trace_id']).toMatch(/^[0-9a-f]{32}$/)
      expect(header).not.toContain(line['trace_id'])
    })

    test('of a later version with more parts is continued', async () => {
      const { app, log } = await start()
      await ask(app.port, '/hello', { headers: { traceparent: `cc-${traceId}-${parentId}-01-later` } })
      await log.ended(1)
      expect(log.one('request_completed')['trace_id']).toBe(traceId)
    })
  })
})
