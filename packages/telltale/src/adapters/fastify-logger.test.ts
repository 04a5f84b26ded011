import Fastify from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Capture } from '../../test/support/capture.js'
import { fastifyLogger } from './fastify-logger.js'

let out: Capture
beforeEach(() => void (out = new Capture()))
afterEach(() => out.telltale.shutdown())

it("leaves out Fastify's own lines on a request, an error and a path unknown", async () => {
  const app = Fastify({ loggerInstance: fastifyLogger() })
  app.get('/fine', () => 'fine')
  app.get('/failed', () => Promise.reject(new Error('no 100%s')))
  app.get('/refused', () => Promise.reject(Object.assign(new Error('not you'), { statusCode: 403 })))
  app.get('/text', () => Promise.reject('a text' as unknown as Error))
  for (const url of ['/fine', '/failed', '/refused', '/text', '/unknown']) await app.inject(url)
  expect(out.lines).toEqual([])
  await app.close()
})

it("writes a handler's errors beside the reply, its request or Node's response", async () => {
  const app = Fastify({ loggerInstance: fastifyLogger() })
  const err = new Error('declined')
  app.get('/', (req, reply) => {
    req.log.error({ err, res: reply }, 'payment_failed')
    req.log.error({ err, req, res: reply.raw }, 'declined')
    req.log.error({ err, res: reply })
    req.log.info({ res: { status: 502 } }, 'request completed')
    req.log.info({ req: { url: '/other' } }, 'incoming request')
    return 'done'
  })
  await app.inject('/')
  expect(out.lines.map(({ event, message }) => message ?? event)).toEqual([
    'payment_failed',
    'declined',
    'log',
    'request completed',
    'incoming request',
  ])
  expect(out.lines[0]!['error']).toMatchObject({ type: 'Error', message: 'declined' })
  expect(out.lines[3]).toMatchObject({ res: { status: 502 } })
  expect(out.lines[4]).toMatchObject({ req: { url: '/other' } })
  await app.close()
})
