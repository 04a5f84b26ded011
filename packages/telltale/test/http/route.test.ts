import { describe, expect, test } from 'vitest'
import express from 'express'
import { createServer } from 'node:http'
import { observeExpress, observeExpressErrors } from '../../src/adapters/express.js'
import { eachAdapter } from '../support/adapters.js'
import { listening } from '../support/apps/listening.js'
import { Capture } from '../support/capture.js'
import { ask, RawConnection } from '../support/client.js'
import { metric, series } from '../support/scrape.js'

const template = '/users/:id/orders/:order'

eachAdapter((start, name) => {
  test('the template is the label and the route; no id makes a series', async () => {
    const { app, log } = await start()
    const before = metric('http_requests_total', { path: template, status: '200' })
    for (let id = 0; id < 20; id++) await ask(app.port, `/users/${id}/orders/${id * 7}?page=${id}`)
    await log.ended(20)
    expect(log.ends.map((line) => line['route'])).toEqual(Array(20).fill(template))
    expect(log.ends[3]).toMatchObject({ method: 'GET', path: '/users/3/orders/21', status: 200 })
    expect(metric('http_requests_total', { method: 'GET', path: template, status: '200' })).toBe(before + 20)
    expect(series('http_requests_total').some(({ labels }) => /\d/.test(labels['path']!))).toBe(false)
  })

  test('what no route matches is unmatched', async () => {
    const { app, log } = await start()
    const before = metric('http_requests_total', { path: 'unmatched', status: '404' })
    for (const path of ['/wp-login.php', '/.env', '/hello/more']) {
      expect((await ask(app.port, path)).status).toBe(404)
    }
    await log.ended(3)
    expect(log.ends.map(({ event, route }) => `${event} ${String(route)}`)).toEqual(
      Array(3).fill('request_completed unmatched'),
    )
    expect(metric('http_requests_total', { path: 'unmatched', status: '404' })).toBe(before + 3)
  })

  test('a method that nobody knows is OTHER', async () => {
    const { app, log } = await start()
    for (const method of ['PURGE', 'REPORT']) await ask(app.port, '/hello', { method })
    await log.ended(2)
    expect(log.ends.map((line) => line['method'])).toEqual(['PURGE', 'REPORT'])
    expect(metric('http_requests_total', { method: 'OTHER' })).toBeGreaterThanOrEqual(2)
    expect(series('http_requests_total', { method: 'PURGE' })).toEqual([])
  })

  test('a malformed URL is observed like any request', async () => {
    const { app, log } = await start()
    const answer = await ask(app.port, '/users/%E0%A4%A/orders/1')
    await log.ended(1)
    expect(answer.headers['x-request-id']).toBe(log.ends[0]!['request_id'])
    expect(log.ends).toHaveLength(1)
    expect(log.ends[0]).toMatchObject({ method: 'GET', status: answer.status })
    expect(answer.status).toBe(name === 'http' ? 200 : 400)
  })

  test('a path of a hundred kilobytes or of control characters does no harm', async () => {
    const { app, log } = await start()
    const raw = new RawConnection(app.port)
    raw.send(`GET /${'a'.repeat(8000)}%0a%1b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    await raw.closed
    await log.ended(1)
    expect(log.ends[0]).toMatchObject({ status: 404, route: 'unmatched' })
  })
})

async function mounted(
  build: (app: express.Express) => void,
): Promise<{ port: number; close(): Promise<void> }> {
  const app = express()
  app.use(observeExpress())
  build(app)
  app.use(observeExpressErrors())
  return listening(createServer(app))
}

describe('express', () => {
  test.each([
    ['/api/v1/teams/4/members/9', '/api/v1/teams/:team/members/:member'],
    ['/api/v1/teams/4', '/api/v1/teams/:team'],
    ['/api/v1/teams', '/api/v1/teams'],
    ['/api/v1', '/api/v1'],
    // Both parameters have one value: each keeps its own name.
    ['/api/v1/teams/5/members/5', '/api/v1/teams/:team/members/:member'],
    ['/files/a/b/c.txt', '/files/*rest'],
    ['/things/12', '/^\\/things\\/(\\d+)$/'],
    ['/one', '/one|/two'],
    ['/inner/deep/8', '/inner/deep/:n'],
    // Middleware on a shorter path, and a router that passes the request on, are not the mount.
    ['/api/v1/teams/teams', '/api/v1/teams/:team'],
    ['/pairs/5/5/x', '/pairs/:first/:second/x'],
  ])('%s has the template %s', async (path, expected) => {
    const log = new Capture()
    const app = await mounted((root) => {
      root.use('/api', (_req, _res, next) => next())
      root.use(
        '/api/:version',
        express.Router().use((_req, _res, next) => next()),
      )
      const pairs = express.Router()
      pairs.get('/x', (_req, res) => void res.send('ok'))
      root.use('/pairs/:first/:second/', pairs)
      const members = express.Router({ mergeParams: true })
      members.get('/:member', (_req, res) => void res.send('ok'))
      const teams = express.Router()
      teams.get('/', (_req, res) => void res.send('ok'))
      teams.get('/:team', (_req, res) => void res.send('ok'))
      teams.use('/:team/members', members)
      const api = express.Router()
      api.get('/', (_req, res) => void res.send('ok'))
      api.use('/teams', teams)
      root.use('/api/v1', api)
      root.get('/files/*rest', (_req, res) => void res.send('ok'))
      root.get(/^\/things\/(\d+)$/, (_req, res) => void res.send('ok'))
      root.get(['/one', '/two'], (_req, res) => void res.send('ok'))
      const inner = express()
      inner.get('/deep/:n', (_req, res) => void res.send('ok'))
      root.use('/inner', inner)
    })
    const answer = await ask(app.port, path)
    await log.ended(1)
    await app.close()
    await log.telltale.shutdown()
    expect(answer.status).toBe(200)
    expect(log.one('request_completed')['route']).toBe(expected)
    expect(metric('http_requests_total', { path: expected })).toBeGreaterThan(0)
  })
})
