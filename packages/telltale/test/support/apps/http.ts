import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setRoute } from '../../../src/index.js'
import { observeHttp } from '../../../src/adapters/http.js'
import { gate, type Gate } from '../until.js'
import { type Adapter, chunks, countBody, log, paymentError, statusOfAct, work } from './app.js'
import { listening } from './listening.js'

type Handle = (req: IncomingMessage, res: ServerResponse, params: Record<string, string>) => unknown

export const http: Adapter = {
  name: 'http',
  async start({ endpoints, own = [], act } = {}) {
    const held = gate()
    const routes = routesOf(held)
    for (const path of own) routes.push(['GET', path, (_req, res) => res.end("the app's own")])
    routes.push([
      'GET',
      '/do',
      async (req, res) => res.writeHead(await statusOfAct(act, req.url)).end('done'),
    ])
    const server = createServer(
      observeHttp((req, res) => {
        const path = req.url!.split('?', 1)[0]!
        for (const [method, template, handle] of routes) {
          const params = method === req.method ? paramsOf(template, path) : undefined
          if (params === undefined) continue
          setRoute(template)
          return handle(req, res, params)
        }
        res.writeHead(404).end('not found')
      }, endpoints),
    )
    return { ...(await listening(server)), gate: held }
  },
}

function routesOf(held: Gate): [method: string, template: string, handle: Handle][] {
  return [
    ['GET', '/hello', (_req, res) => json(res, { hello: 'world' })],
    [
      'GET',
      '/users/:id/orders/:order',
      (_req, res, params) => {
        log.info('order_read')
        json(res, params)
      },
    ],
    [
      'GET',
      '/reset/:token',
      (_req, res) => {
        log.info('reset_asked')
        res.end('ok')
      },
    ],
    ['GET', '/work/:n/:ms', async (_req, res, { n, ms }) => res.end(await work(n!, Number(ms)))],
    [
      'GET',
      '/throw',
      () => {
        throw paymentError()
      },
    ],
    ['GET', '/reject', () => Promise.reject(paymentError())],
    [
      'GET',
      '/throw-text',
      () => {
        throw 'a text'
      },
    ],
    ['GET', '/reject-nothing', () => Promise.reject()],
    [
      'GET',
      '/cut',
      async (_req, res) => {
        res.write('chunk 0\n')
        await new Promise((resolve) => setImmediate(resolve))
        throw paymentError()
      },
    ],
    ['GET', '/stream', (_req, res) => void chunks().pipe(res)],
    ['POST', '/count', async (req, res) => json(res, { bytes: await countBody(req) })],
    [
      'POST',
      '/json',
      async (req, res) => {
        const texts: string[] = []
        for await (const chunk of req) texts.push(String(chunk))
        const body: unknown = JSON.parse(texts.join(''))
        log.info('json_read', { body })
        json(res, body)
      },
    ],
    ['GET', '/held', async (_req, res) => (await held.opened, res.end('held'))],
    [
      'GET',
      '/held-fail',
      async () => {
        await held.opened
        throw paymentError()
      },
    ],
    [
      'GET',
      '/held-body',
      async (_req, res) => {
        res.write('first,')
        await held.opened
        res.end('last')
      },
    ],
    [
      'GET',
      '/later',
      (_req, res) => {
        void held.opened.then(() => log.info('late_event'))
        res.end('ok')
      },
    ],
    [
      'GET',
      '/listeners',
      (_req, res) => {
        res.on('finish', () => log.info('response_finished'))
        res.on('close', () => log.info('response_closed'))
        res.end('ok')
      },
    ],
  ]
}

function paramsOf(template: string, path: string): Record<string, string> | undefined {
  const names = template.split('/')
  const parts = path.split('/')
  if (names.length !== parts.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, name] of names.entries()) {
    if (name.startsWith(':')) params[name.slice(1)] = parts[index]!
    else if (name !== parts[index]) return undefined
  }
  return params
}

function json(res: ServerResponse, body: unknown): void {
  res.setHeader('content-type', 'application/json')
  res.end(JSON.stringify(body))
}
