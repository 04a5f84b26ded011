import { createServer } from 'node:http'
import express from 'express'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { observeExpress, observeExpressErrors } from '../../src/adapters/express.js'
import { fastifyLogger, observeFastify } from '../../src/adapters/fastify.js'
import { listening } from '../support/apps/listening.js'
import { Capture } from '../support/capture.js'
import { ask } from '../support/client.js'

const endings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

function begin(): Capture {
  const log = new Capture()
  endings.push(() => log.telltale.shutdown())
  return log
}

describe('fastify', () => {
  async function serve(build: (app: FastifyInstance) => unknown): Promise<number> {
    const app = Fastify({ loggerInstance: fastifyLogger() as FastifyBaseLogger })
    endings.push(() => app.close())
    await app.register(observeFastify)
    await build(app)
    return Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
  }

  test('a handler that the app sets wins without a warning, and the failure is still told', async () => {
    const log = begin()
    const warnings: Error[] = []
    const heard = (warning: Error): void => void warnings.push(warning)
    process.on('warning', heard)
    const port = await serve((app) => {
      app.setErrorHandler((error, _request, reply) => reply.code(503).send({ own: (error as Error).message }))
      app.get('/throw', async () => {
        throw new RangeError('too far')
      })
    })
    const answer = await ask(port, '/throw')
    await log.ended(1)
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', heard)
    expect([answer.status, answer.body]).toEqual([503, '{"own":"too far"}'])
    expect(log.one('request_failed')).toMatchObject({
      status: 503,
      error: { type: 'RangeError', message: 'too far' },
    })
    expect(log.one('request_failed')['error']).toHaveProperty('stack')
    expect(warnings).toEqual([])
  })

  test("a validation error is the client's own fault", async () => {
    const log = begin()
    const port = await serve((app) => {
      const schema = { querystring: { type: 'object', properties: { n: { type: 'integer' } } } }
      app.get('/typed', { schema }, async () => 'ok')
    })
    const answer = await ask(port, '/typed?n=many')
    await log.ended(1)
    expect(answer.status).toBe(400)
    const line = log.one('request_completed')
    expect(line).toMatchObject({ level: 'info', status: 400, route: '/typed' })
    expect(line['error']).toEqual({
      type: expect.any(String),
      message: 'querystring/n must be integer',
      code: 'FST_ERR_VALIDATION',
    })
  })

  test('plugins keep their own scope: a route inside one is observed too', async () => {
    const log = begin()
    const port = await serve((app) =>
      app.register(
        (inner, _options, done) => {
          inner.get('/items/:id', async () => {
            throw new Error('inner')
          })
          done()
        },
        { prefix: '/v1' },
      ),
    )
    const answer = await ask(port, '/v1/items/8')
    await log.ended(1)
    expect(answer.body).toBe(
      `{"error":"internal_error","request_id":"${String(answer.headers['x-request-id'])}"}`,
    )
    expect(log.one('request_failed')['route']).toBe('/v1/items/:id')
  })

  test('a hook that rejects before the handler is a failure of that route', async () => {
    const log = begin()
    const port = await serve((app) => {
      app.addHook('preHandler', async () => {
        throw Object.assign(new Error('no session'), { statusCode: 401 })
      })
      app.get('/mine', async () => 'never')
    })
    const answer = await ask(port, '/mine')
    await log.ended(1)
    expect(answer.status).toBe(401)
    expect(log.one('request_completed')).toMatchObject({
      status: 401,
      route: '/mine',
      error: { message: 'no session' },
    })
  })
})

describe('express', () => {
  async function serve(build: (app: express.Express) => unknown): Promise<number> {
    const app = express()
    app.use(observeExpress())
    build(app)
    app.use(observeExpressErrors())
    const { port, close } = await listening(createServer(app))
    endings.push(close)
    return port
  }

  test('a middleware that calls back with an error fails the request once', async () => {
    const log = begin()
    const port = await serve((app) => {
      app.use((_req, _res, next) => void setImmediate(() => next(new RangeError('from the callback'))))
    })
    const answer = await ask(port, '/any')
    await log.ended(1)
    expect(answer.body).toBe(
      `{"error":"internal_error","request_id":"${String(answer.headers['x-request-id'])}"}`,
    )
    expect(log.ends).toHaveLength(1)
    expect(log.one('request_failed')['error']).toMatchObject({
      type: 'RangeError',
      message: 'from the callback',
    })
  })

  test('an error that asks for a 4xx gets it, without its message', async () => {
    const log = begin()
    const port = await serve((app) => {
      app.get('/gone', () => {
        throw Object.assign(new Error('token=hunter2 is gone'), { status: 410 })
      })
    })
    const answer = await ask(port, '/gone')
    await log.ended(1)
    expect(answer.status).toBe(410)
    expect(answer.body).toBe(`{"error":"gone","request_id":"${String(answer.headers['x-request-id'])}"}`)
    expect(log.one('request_completed')).toMatchObject({ level: 'info', status: 410, route: '/gone' })
  })

  test('an error handler of the app that answers before ours wins', async () => {
    const log = begin()
    const port = await serve((app) => {
      app.get('/throw', () => {
        throw new Error('mine')
      })
      const own: express.ErrorRequestHandler = (_error, _req, res, _next) => void res.status(502).send('own')
      app.use(own)
    })
    const answer = await ask(port, '/throw')
    await log.ended(1)
    expect([answer.status, answer.body]).toEqual([502, 'own'])
    expect(log.one('request_failed')).toMatchObject({ status: 502, route: '/throw' })
  })
})
