import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../test/support/until.js'
import { Transport } from './transport.js'

let server: Server
let transport: Transport
let answer: (response: ServerResponse) => void
let connections: number

beforeEach(async () => {
  connections = 0
  server = createServer((request, response) => void request.resume().on('end', () => answer(response)))
  server.on('connection', () => connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  transport = new Transport(new URL(`http://127.0.0.1:${port}/in`), { 'x-key': 'k' }, { maxSockets: 1 })
})
afterEach(async () => {
  transport.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const post = (timeoutMs = 10_000): ReturnType<Transport['post']> =>
  transport.post(Buffer.from('body'), false, timeoutMs)

/** Headers and a beginning, and no end. */
const endless = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-length': '100' })
  response.write('some')
}

describe('Transport', () => {
  it('posts a body with the headers it was given, and gives the answer', async () => {
    answer = (response) =>
      response.writeHead(503, { 'retry-after': '7' }).end(`for ${String(response.req.headers['x-key'])}`)
    const { status, retryAfterMs, headers, body } = await post()
    expect([status, retryAfterMs, headers['retry-after']]).toEqual([503, 7000, '7'])
    expect(String(await body)).toBe('for k')
  })

  it('keeps its connection where nobody waits for the body', async () => {
    answer = (response) => response.end('{}')
    for (let i = 0; i < 3; i++) await post()
    expect(connections).toBe(1)
  })

  it('gives no more than 64 KiB of a body, and reads no more', async () => {
    let isCut = false
    answer = (response) => {
      response.on('close', () => (isCut = true)).writeHead(200)
      const fill = (): void => {
        while (!isCut && response.write('x'.repeat(16_384)));
      }
      response.on('drain', fill)
      fill()
    }
    expect(await (await post()).body).toBeUndefined()
    await until('the connection is cut', () => isCut)
  })

  it('rejects where nothing is answered in time', async () => {
    answer = () => undefined
    await expect(post(30)).rejects.toThrow('no answer within 30 ms')
  })

  it('gives up a body that does not end in time', async () => {
    answer = endless
    const { status, body } = await post(100)
    expect(status).toBe(200)
    await expect(body).rejects.toThrow('no answer within 100 ms')
  })

  it('is not held by answers that never end: what comes behind them is posted', async () => {
    answer = endless
    expect((await post(100)).status).toBe(200)
    answer = (response) => response.end()
    expect((await post()).status).toBe(200)
    expect(connections).toBe(2)
  })

  it('rejects in time what never got a connection', async () => {
    answer = endless
    await post()
    await expect(post(30)).rejects.toThrow('no answer within 30 ms')
  })

  it('ends what is under way as it is closed', async () => {
    let isAsked = false
    answer = () => (isAsked = true)
    const posted = post().catch((problem: Error) => problem)
    await until('it is asked', () => isAsked)
    transport.close()
    expect(await posted).toBeInstanceOf(Error)
  })
})
