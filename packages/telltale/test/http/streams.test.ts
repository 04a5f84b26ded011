import { request } from 'node:http'
import { expect, test } from 'vitest'
import { eachAdapter } from '../support/adapters.js'
import { ask } from '../support/client.js'

const ten = Array.from({ length: 10 }, (_each, index) => `chunk ${index}\n`).join('')

eachAdapter((start) => {
  test('a piped response arrives whole, and its source logs as part of the request', async () => {
    const { app, log } = await start({}, { log: { level: 'debug' } })
    const answer = await ask(app.port, '/stream')
    await log.ended(1)
    expect(answer.body).toBe(ten)
    const end = log.one('request_completed')
    const made = log.events('chunk_made')
    expect(made).toHaveLength(10)
    for (const line of made) {
      expect(line).toMatchObject({ request_id: end['request_id'], method: 'GET', path: '/stream' })
    }
    expect(end).toMatchObject({ status: 200, route: '/stream' })
  })

  test('the listeners of a streamed request body log as part of the request', async () => {
    const { app, log } = await start({}, { log: { level: 'debug' } })
    const headers = { 'content-type': 'application/octet-stream', 'x-request-id': 'streamed-body' }
    const body = await new Promise((resolve, reject) => {
      const req = request(
        { port: app.port, host: '127.0.0.1', path: '/count', method: 'POST', headers },
        (res) => {
          res.on('data', (chunk: Buffer) => resolve(chunk.toString()))
        },
      )
      req.on('error', reject)
      req.write('x'.repeat(300), () => setImmediate(() => req.end('y'.repeat(300))))
    })
    await log.ended(1)
    expect(body).toBe('{"bytes":600}')
    expect(log.events('body_chunk').length).toBeGreaterThan(0)
    for (const line of log.events('body_chunk', 'body_read', 'request_completed')) {
      expect(line).toMatchObject({ request_id: 'streamed-body', method: 'POST', path: '/count' })
    }
  })

  test('after a body parser the context is that of the request', async () => {
    const { app, log } = await start()
    const ids = Array.from({ length: 20 }, (_each, index) => `parsed-${1000 + index}`)
    await Promise.all(
      ids.map((id) =>
        ask(app.port, '/json', {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-request-id': id },
          body: JSON.stringify({ id_sent: id, password: 'hunter2-do-not-tell' }),
        }),
      ),
    )
    await log.ended(20)
    const read = log.events('json_read')
    expect(read.map((line) => line['request_id']).sort()).toEqual(ids)
    for (const line of read) {
      expect(line['body']).toEqual({ id_sent: line['request_id'], password: '[REDACTED]' })
    }
  })
})
