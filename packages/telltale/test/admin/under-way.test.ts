import type { AddressInfo } from 'node:net'
import { createServer } from 'node:http'
import express from 'express'
import Fastify from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { flow, getLogger, type SetupOptions, setRoute } from '../../src/index.js'
import { observeExpress } from '../../src/adapters/express.js'
import { observeFastify } from '../../src/adapters/fastify.js'
import { observeHttp } from '../../src/adapters/http.js'
import { openFlows } from '../../src/flow/open.js'
import { openExchanges } from '../../src/http/inflight.js'
import { type Admin, adminStarter } from '../support/admin.js'
import { ask, type Ask, RawConnection } from '../support/client.js'
import { gate, until } from '../support/until.js'

const start = adminStarter()
const log = getLogger('app')
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

const canary = 'Zq8vN2kT5xW1cR7y'
const jwt = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx${canary}In0.${canary}${canary}`
const template = '/reset/:token/of/:id'

/** An app of one route, `/reset/:token/of/:id`, whose handler runs `act` and then waits until the test ends. */
type Start = (act: () => unknown) => Promise<{ port: number; close: () => unknown }>

const apps: Readonly<Record<string, Start>> = {
  http: async (act) => {
    const server = createServer(
      observeHttp(async (req, res) => {
        if (req.url!.startsWith('/reset/')) setRoute(template)
        await act()
        res.end('done')
      }),
    )
    return listening(server)
  },
  express: async (act) => {
    const app = express()
    app.use(observeExpress())
    app.get(template, async (_req, res) => (await act(), void res.end('done')))
    app.use(async (_req, res) => (await act(), void res.status(404).end('none')))
    return listening(createServer(app))
  },
  fastify: async (act) => {
    const app = Fastify()
    await app.register(observeFastify)
    app.get(template, async () => (await act(), 'done'))
    app.setNotFoundHandler(async () => (await act(), 'none'))
    await app.listen({ port: 0, host: '127.0.0.1' })
    return { port: (app.server.address() as AddressInfo).port, close: () => app.close() }
  },
}

async function listening(server: ReturnType<typeof createServer>) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}

interface UnderWay {
  readonly admin: Admin
  readonly port: number
  /** Asks the app, and waits until its handler has come to its wait. */
  readonly begin: (path: string, options?: Ask) => Promise<void>
  readonly body: (path: string) => Promise<Record<string, unknown>>
  readonly text: (path: string) => Promise<string>
}

async function underWay(
  startApp: Start,
  /** Given what the end of the test opens. */
  act: (opened: Promise<void>) => unknown = () => undefined,
  options?: SetupOptions,
): Promise<UnderWay> {
  const admin = await start({ port: 0 }, options)
  const held = gate()
  let reached = 0
  const app = await startApp(async () => {
    const acting = act(held.opened)
    reached++
    await Promise.all([acting, held.opened])
  })
  const answers: Promise<unknown>[] = []
  ends.push(async () => {
    held.open()
    await Promise.allSettled(answers)
    await app.close()
  })
  const text = async (path: string): Promise<string> => (await admin.ask(path)).body
  return {
    admin,
    port: app.port,
    begin: async (path, asked) => {
      const before = reached
      answers.push(ask(app.port, path, asked))
      await until('the handler waits', () => reached > before)
    },
    text,
    body: async (path) => JSON.parse(await text(path)) as Record<string, unknown>,
  }
}

const age = expect.any(Number) as number
const traceId = expect.stringMatching(/^[\da-f]{32}$/) as string

describe.each(Object.entries(apps))('%s', (_name, startApp) => {
  test('requests under way, oldest first, with what they are about and where they are', async () => {
    const { admin, begin, body } = await underWay(startApp, () => {
      log.info('reset_begun')
      log.debug('mail_looked_up')
    })
    expect(await body('/requests')).toEqual({ count: 0, requests: [] })
    const parent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    await begin(`/reset/${canary}/of/7?code=${canary}`, {
      headers: { 'x-request-id': 'first-request', traceparent: parent },
    })
    await begin(`/nowhere/${jwt}?token=${canary}`, { method: 'POST' })
    const shown = await admin.ask('/requests')
    expect(shown.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'close',
    })
    expect(JSON.parse(shown.body)).toEqual({
      count: 2,
      requests: [
        {
          request_id: 'first-request',
          trace_id: 'a'.repeat(32),
          method: 'GET',
          path: '/reset/[REDACTED]/of/7',
          route: template,
          age_ms: age,
          last_event: 'mail_looked_up',
        },
        {
          request_id: expect.stringMatching(/^[\da-f]{16}$/) as string,
          trace_id: traceId,
          method: 'POST',
          path: '/nowhere/[REDACTED]',
          age_ms: age,
          last_event: 'mail_looked_up',
        },
      ],
    })
    expect(shown.body).not.toContain(canary)
    expect(admin.log.events('admin_used').at(-1)).toMatchObject({
      control: 'requests',
      path: '/requests',
      status: 200,
    })
    for (const end of ends.splice(0).toReversed()) await end()
    await until('none is left', () => openExchanges().size === 0)
    expect(await body('/requests')).toEqual({ count: 0, requests: [] })
  })

  test('canaries in what came from outside and in what was logged come out nowhere', async () => {
    const { begin, text } = await underWay(
      startApp,
      (opened) => {
        log.debug(`token=${canary}`, { authorization: `Bearer ${canary}`, note: `password=${canary}`, jwt })
        log.info('asked', { url: `https://app.example/?token=${canary}`, cookies: { sid: canary } })
        void flow('reset', { api_key: canary, note: jwt }, (f) => f.step(jwt, () => opened))
      },
      { log: { level: 'debug' } },
    )
    await begin(`/reset/${canary}/of/7?token=${canary}`, { headers: { 'x-request-id': 'held-request' } })
    await begin(`/${jwt}`, { headers: { 'x-request-id': `token=${canary}` } })
    const requests = await text('/requests')
    const ids = (JSON.parse(requests) as { requests: { request_id: string }[] }).requests
    const dumps = await Promise.all(ids.map(({ request_id }) => text(`/requests/${request_id}/events`)))
    for (const shown of [requests, ...dumps, await text('/flows')]) {
      expect(shown).not.toContain(canary)
      expect(shown).toContain('[REDACTED]')
    }
    for (const dump of dumps) expect(dump.split('\n').length).toBeGreaterThan(2)
  })
})

test('without a recorder the last event is the last that was written', async () => {
  const act = (): void => {
    log.info('reset_begun')
    log.debug('mail_looked_up')
  }
  const { begin, text } = await underWay(apps['http']!, act, { log: { recorder: false } })
  await begin('/n')
  expect(await text('/requests')).toContain('"last_event":"reset_begun"')
})

test('paths of requests.secretPaths are masked before any route is known', async () => {
  const { begin, text } = await underWay(apps['http']!, undefined, {
    requests: { secretPaths: ['/invite/:code'] },
  })
  await begin(`/invite/${canary}`)
  expect(await text('/requests')).toContain('"path":"/invite/[REDACTED]"')
})

test('what is long is cut', async () => {
  const { begin, body } = await underWay(apps['http']!)
  await begin(`/${'x'.repeat(5000)}`)
  const [shown] = (await body('/requests'))['requests'] as { path: string }[]
  expect(shown!.path).toMatch(/^\/x{255}…\(\+4745 chars\)$/)
})

test('of many the first thousand are shown, and all are counted', async () => {
  const { port, body } = await underWay(apps['http']!)
  // Pipelined, on one connection: each has been read and none answered.
  const connection = new RawConnection(port)
  connection.send(
    Array.from(
      { length: 1010 },
      (_, n) => `GET /n HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: request-${n}\r\n\r\n`,
    ).join(''),
  )
  await until('all are open', () => openExchanges().size === 1010)
  const { count, requests } = (await body('/requests')) as {
    count: number
    requests: { request_id: string }[]
  }
  expect([count, requests.length]).toEqual([1010, 1000])
  expect(requests.map(({ request_id }) => request_id)).toEqual(
    Array.from({ length: 1000 }, (_, n) => `request-${n}`),
  )
  connection.socket.destroy()
  await connection.closed
})

describe('flows', () => {
  const retake = flow.define('retake', { steps: ['load_completed', 'clear_answers', 'enable_retake'] })

  test('are shown with the step that they are at', async () => {
    const admin = await start()
    const waiting = gate()
    const running = retake({ user_id: 'u1' }, async (f) => {
      await f.step('load_completed', () => undefined)
      await f.step('clear_answers', () => waiting.opened)
    })
    const free = flow('cleanup', async (f) => {
      await f.step('scan', () => undefined)
      await waiting.opened
    })
    ends.push(() => waiting.open())
    await until('both are where they wait', () => {
      const [first, second] = [...openFlows()].map((one) => one.standing())
      return first?.step === 'clear_answers' && second?.last_step === 'scan'
    })
    expect(JSON.parse((await admin.ask('/flows')).body)).toEqual({
      count: 2,
      flows: [
        {
          flow_id: expect.stringMatching(/^retake-[\da-f]{12}$/) as string,
          flow: 'retake',
          age_ms: age,
          step: 'clear_answers',
          step_index: 2,
          step_age_ms: age,
          progress: '1/3',
          steps_declared: 3,
          trace_id: traceId,
        },
        {
          flow_id: expect.stringMatching(/^cleanup-[\da-f]{12}$/) as string,
          flow: 'cleanup',
          age_ms: age,
          last_step: 'scan',
          trace_id: traceId,
        },
      ],
    })
    expect(admin.log.events('admin_used').at(-1)).toMatchObject({ control: 'flows', path: '/flows' })
    waiting.open()
    await Promise.all([running, free])
    expect((await admin.ask('/flows')).body).toBe('{"count":0,"flows":[]}\n')
  })

  test('of steps in parallel the oldest is named, and how many there are', async () => {
    const admin = await start()
    const waiting = gate()
    ends.push(() => waiting.open())
    const running = flow('export', (f) =>
      Promise.all([
        f.step('users', () => waiting.opened),
        f.step('orders', () => waiting.opened),
        f.step('done', () => undefined),
      ]),
    )
    await until('two are left', () => [...openFlows()][0]?.standing().steps_running === 2)
    const { flows } = JSON.parse((await admin.ask('/flows')).body) as { flows: object[] }
    expect(flows).toEqual([expect.objectContaining({ step: 'users', step_index: 1, steps_running: 2 })])
    waiting.open()
    await running
  })

  test('and their request are named with each other; one inside another names that', async () => {
    const { begin, body } = await underWay(apps['http']!, (opened) =>
      flow('outer', () => flow('inner', () => opened)),
    )
    await begin('/n', { headers: { 'x-request-id': 'request-with-flows' } })
    const { flows } = (await body('/flows')) as { flows: Record<string, unknown>[] }
    expect(flows.map((one) => one['flow'])).toEqual(['outer', 'inner'])
    expect(flows[1]).toMatchObject({ parent_flow_id: flows[0]!['flow_id'], request_id: 'request-with-flows' })
    const { requests } = (await body('/requests')) as { requests: Record<string, unknown>[] }
    expect(requests).toEqual([
      expect.objectContaining({ request_id: 'request-with-flows', flow_id: flows[1]!['flow_id'] }),
    ])
  })
})
