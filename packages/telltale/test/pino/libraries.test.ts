import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyBaseLogger } from 'fastify'
import type { Logger } from 'pino'
import { pinoHttp } from 'pino-http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fastifyLogger, observeFastify } from '../../src/adapters/fastify.js'
import { pinoLogger } from '../../src/adapters/pino.js'
import { captureConsole } from '../../src/log/capture/console.js'
import { Capture } from '../support/capture.js'
import { until } from '../support/until.js'

let out: Capture
beforeEach(() => void (out = new Capture()))
afterEach(() => out.telltale.shutdown())

async function answer(listener: RequestListener): Promise<void> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await (
    await fetch(`http://127.0.0.1:${port}/page`, { headers: { authorization: 'Bearer S3cretS3cret' } })
  ).text()
  await new Promise((resolve) => server.close(resolve))
}

test('pino-http writes its line a request, and its serializers decide what of the request', async () => {
  const logger: Logger = pinoLogger('web')
  const observe = pinoHttp({ logger, customProps: () => ({ tenant: 't1' }) })
  await answer((req, res) => {
    observe(req, res)
    req.log.info('Working')
    res.end('done')
  })
  await until('the request is written', () => out.lines.length === 2)
  expect(out.lines[0]).toMatchObject({ logger: 'web', message: 'Working', tenant: 't1' })
  expect(out.lines[1]).toMatchObject({
    level: 'info',
    message: 'request completed',
    tenant: 't1',
    responseTime: expect.any(Number),
    req: { method: 'GET', url: '/page', headers: { authorization: '[REDACTED]' } },
    res: { statusCode: 200 },
  })
  expect(out.text).not.toContain('S3cret')
})

test('pino-http writes a failed request with its error', async () => {
  const observe = pinoHttp<IncomingMessage, ServerResponse>({ logger: pinoLogger('web'), useLevel: 'error' })
  await answer((req, res) => {
    observe(req, res)
    res.err = new Error('declined')
    res.statusCode = 502
    res.end()
  })
  await until('the request is written', () => out.lines.length === 1)
  expect(out.lines[0]).toMatchObject({
    level: 'error',
    message: 'request errored',
    error: { type: 'Error', message: 'declined' },
    res: { statusCode: 502 },
  })
})

test('Fastify takes it as its logger', async () => {
  const app = Fastify({ loggerInstance: pinoLogger('api') })
  app.get('/page', { logLevel: 'warn' }, (req) => {
    req.log.info('unseen')
    req.log.warn({ user: 'u1' }, 'seen')
    return 'done'
  })
  app.get('/failed', () => Promise.reject(new Error('declined')))
  await app.inject('/page')
  await app.inject('/failed')
  const [seen, incoming, failed] = out.lines
  expect(seen).toMatchObject({ logger: 'api', level: 'warning', event: 'seen', user: 'u1', reqId: 'req-1' })
  expect(incoming).toMatchObject({ message: 'incoming request', req: { method: 'GET', url: '/failed' } })
  expect(failed).toMatchObject({ level: 'error', event: 'declined', error: { message: 'declined' } })
  await app.close()
})

test('what libraries and the console say below the level is written when the request fails', async () => {
  const library = pinoLogger('library')
  const stop = captureConsole()
  const app = Fastify({ loggerInstance: fastifyLogger() })
  await app.register(observeFastify)
  const say = (n: number, log: FastifyBaseLogger): void => {
    library.debug({ n }, 'Asked %s', 'it')
    log.debug({ n }, 'Own')
    console.debug('Printed %d', n)
  }
  app.get('/fine', (req) => {
    say(1, req.log)
    return 'done'
  })
  app.get('/failed', (req) => {
    say(2, req.log)
    throw new Error('declined')
  })
  await app.inject('/fine')
  await app.inject('/failed')
  stop()
  await app.close()
  expect(out.lines.filter((line) => line['recorded'] === true)).toEqual([
    expect.objectContaining({ level: 'debug', logger: 'library', message: 'Asked it', n: 2 }),
    expect.objectContaining({ level: 'debug', logger: 'app', message: 'Own', n: 2 }),
    expect.objectContaining({ level: 'debug', logger: 'console', message: 'Printed 2' }),
  ])
})
