import { expect, test } from 'vitest'
import { adapters, eachAdapter } from '../support/adapters.js'
import { leak } from '../support/apps/app.js'
import { ask } from '../support/client.js'
import { metric } from '../support/scrape.js'

eachAdapter((start) => {
  test.each(['/throw', '/reject'])('%s: the log has all of it, the client nothing', async (path) => {
    const { app, log } = await start()
    const before = metric('http_requests_total', { path, status: '500' })
    const answer = await ask(app.port, path)
    await log.ended(1)
    const id = answer.headers['x-request-id']
    expect(answer.status).toBe(500)
    expect(answer.body).toBe(`{"error":"internal_error","request_id":"${String(id)}"}`)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(log.ends).toHaveLength(1)
    const line = log.one('request_failed')
    expect(line).toMatchObject({
      level: 'error',
      request_id: id,
      method: 'GET',
      path,
      route: path,
      status: 500,
    })
    expect(line['error']).toMatchObject({
      type: 'PaymentError',
      message: 'gateway refused password=[REDACTED]',
      code: 'GATEWAY_TIMEOUT',
      stack: expect.stringContaining('paymentError') as string,
      cause: { type: 'TypeError', message: 'connect timed out' },
    })
    expect(log.text).not.toContain(leak)
    expect(metric('http_requests_total', { path, status: '500' })).toBe(before + 1)
  })

  test('a thrown text is a failure too', async () => {
    const { app, log } = await start()
    const answer = await ask(app.port, '/throw-text')
    await log.ended(1)
    expect(answer.status).toBe(500)
    expect(answer.body).toBe(
      `{"error":"internal_error","request_id":"${String(answer.headers['x-request-id'])}"}`,
    )
    expect(log.one('request_failed')['error']).toMatchObject({ type: 'String', message: 'a text' })
  })

  test('a rejection without a reason is answered and told as well', async () => {
    const { app, log } = await start()
    const answer = await ask(app.port, '/reject-nothing')
    await log.ended(1)
    expect(answer.status).toBe(500)
    expect(answer.body).toContain('"internal_error"')
    expect(log.one('request_failed')['error']).toMatchObject({ message: expect.any(String) as string })
  })

  test('an error after the headers cuts the response, and is one failure with status 500', async () => {
    const { app, log } = await start()
    await expect(ask(app.port, '/cut')).rejects.toMatchObject({ code: 'ECONNRESET' })
    await log.ended(1)
    expect(log.ends).toHaveLength(1)
    const line = log.one('request_failed')
    expect(line).toMatchObject({ status: 500, response_cut: true, error: { type: 'PaymentError' } })
    expect(line['error']).toHaveProperty('stack')
  })

  test('HEAD of a failing route has no body', async () => {
    const { app, log } = await start()
    const answer = await ask(app.port, '/throw', { method: 'HEAD' })
    await log.ended(1)
    expect(answer.body).toBe('')
  })

  test('no path to a failure leaves a request in progress', async () => {
    const { app, log } = await start()
    const paths = ['/throw', '/reject', '/throw-text', '/cut', '/hello']
    await Promise.allSettled([...paths, ...paths, ...paths].map((path) => ask(app.port, path)))
    await log.ended(15)
    expect(log.ends).toHaveLength(15)
    expect(log.events('request_failed')).toHaveLength(12)
    expect(metric('http_requests_in_progress')).toBe(0)
  })
})

eachAdapter(
  (start, name) => {
    test.each([
      ['JSON that is none', '{"password":"hunter2-do-not-tell"', 400],
      ['a body too large', JSON.stringify('x'.repeat(2000)), 413],
    ])("%s is the client's own fault", async (_what, body, status) => {
      const { app, log } = await start()
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      const answer = await ask(app.port, '/json', { method: 'POST', headers, body })
      await log.ended(1)
      expect(answer.status).toBe(status)
      expect(answer.body).not.toContain('node_modules')
      const line = log.one('request_completed')
      expect(line).toMatchObject({ level: 'info', status, route: name === 'fastify' ? '/json' : 'unmatched' })
      expect(line['error']).toMatchObject({ message: expect.any(String) as string })
      expect(line['error']).not.toHaveProperty('stack')
      expect(log.text).not.toContain('hunter2')
    })
  },
  adapters.filter(({ name }) => name !== 'http'),
)
