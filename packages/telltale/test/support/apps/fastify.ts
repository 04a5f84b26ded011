import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import { fastifyLogger, observeFastify } from '../../../src/adapters/fastify.js'
import { gate } from '../until.js'
import { type Adapter, chunks, countBody, log, paymentError, statusOfAct, work } from './app.js'

export const fastify: Adapter = {
  name: 'fastify',
  async start({ endpoints = {}, own = [], act } = {}) {
    const held = gate()
    const app = Fastify({ loggerInstance: fastifyLogger(), bodyLimit: 1024 })
    await app.register(observeFastify, endpoints)
    app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload))

    app.get('/hello', async () => ({ hello: 'world' }))
    app.get('/users/:id/orders/:order', async (request) => {
      log.info('order_read')
      return request.params
    })
    app.get('/reset/:token', async () => {
      log.info('reset_asked')
      return 'ok'
    })
    app.get('/work/:n/:ms', async (request) => {
      const { n, ms } = request.params as { n: string; ms: string }
      request.log.info('request_logger_used', { n })
      return work(n, Number(ms))
    })
    app.get('/throw', () => {
      throw paymentError()
    })
    app.get('/reject', async () => {
      await Promise.resolve()
      throw paymentError()
    })
    app.get('/throw-text', () => {
      throw 'a text'
    })
    app.get('/reject-nothing', () => Promise.reject())
    app.get('/cut', (_request, reply) => {
      const body = chunks()
      body.once('data', () => body.destroy(paymentError()))
      return reply.type('text/plain').send(body)
    })
    app.get('/stream', (_request, reply) => reply.type('text/plain').send(chunks()))
    app.post('/count', async (request) => ({ bytes: await countBody(request.raw) }))
    app.post('/json', async (request) => {
      log.info('json_read', { body: request.body })
      return request.body
    })
    app.get('/held', async () => {
      await held.opened
      return 'held'
    })
    app.get('/held-fail', async () => {
      await held.opened
      throw paymentError()
    })
    app.get('/held-body', (_request, reply) => {
      reply.hijack()
      reply.raw.write('first,')
      void held.opened.then(() => reply.raw.end('last'))
    })
    app.get('/later', async () => {
      void held.opened.then(() => log.info('late_event'))
      return 'ok'
    })
    app.get('/listeners', async (_request, reply) => {
      reply.raw.on('finish', () => log.info('response_finished'))
      reply.raw.on('close', () => log.info('response_closed'))
      return 'ok'
    })
    app.get('/do', async (request, reply) => reply.code(await statusOfAct(act, request.url)).send('done'))
    for (const path of own) app.get(path, async () => "the app's own")

    await app.listen({ port: 0, host: '127.0.0.1' })
    return { port: (app.server.address() as AddressInfo).port, gate: held, close: () => app.close() }
  },
}
