import { describe, expect, test } from 'vitest'
import { adminStarter } from '../support/admin.js'
import { RawConnection } from '../support/client.js'
import { until } from '../support/until.js'

const start = adminStarter()
const token = 'S3cretAdm1nToken'
const errorOf = (body: string): unknown => (JSON.parse(body) as { error: unknown }).error

describe('the Host header', () => {
  test.each(['localhost', 'LocalHost:80', 'localhost.', '127.0.0.1:1', '127.1.2.3', '[::1]', '[::1]:9464'])(
    '%s is this machine',
    async (host) => {
      const admin = await start()
      expect((await admin.ask('/log/level', { headers: { host } })).status).toBe(200)
    },
  )

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:80@localhost',
    'localhost/evil',
    '10.0.0.5',
    '0.0.0.0',
    '[::]',
    '::1',
    '2130706433',
    '0x7f.1',
  ])('%j is a rebound name or none of ours', async (host) => {
    const admin = await start()
    const answer = await admin.ask('/log/level', { headers: { host } })
    expect([answer.status, errorOf(answer.body)]).toEqual([403, 'bad_host'])
    expect(admin.log.one('admin_refused')).toMatchObject({ level: 'warning', reason: 'bad_host' })
    expect(admin.log.events('admin_used')).toEqual([])
  })

  test.each([
    ['two of them', 'GET /log/level HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n', 'bad_host'],
    ['an empty one', 'GET /log/level HTTP/1.1\r\nHost:\r\n\r\n', 'bad_host'],
    ['none in HTTP/1.0', 'GET /log/level HTTP/1.0\r\n\r\n', 'bad_host'],
    [
      'a target with a host of its own',
      'GET http://evil.example/log/level HTTP/1.1\r\nHost: localhost\r\n\r\n',
      'bad_target',
    ],
  ])('%s', async (_name, request, error) => {
    const admin = await start()
    const connection = new RawConnection(admin.port)
    connection.send(request)
    await connection.closed
    expect(connection.text).toContain(`"error":"${error}"`)
  })

  test('is one that has been configured', async () => {
    const admin = await start({ port: 0, host: 'localhost', token })
    const authorization = `Bearer ${token}`
    const status = async (host: string): Promise<number> =>
      (await admin.ask('/log/level', { headers: { host, authorization } })).status
    expect(await status('localhost')).toBe(200)
    expect(await status('evil.example')).toBe(403)
  })

  test('is, where all addresses are listened on, the address that was reached', async () => {
    const admin = await start({ port: 0, host: '0.0.0.0', token })
    const authorization = `Bearer ${token}`
    const status = async (host: string): Promise<number> =>
      (await admin.ask('/log/level', { headers: { host, authorization } })).status
    expect(await status('127.0.0.1')).toBe(200)
    expect(await status('10.0.0.5')).toBe(403)
    expect(await status('evil.example')).toBe(403)
  })
})

describe('what a browser sends for a page', () => {
  test.each([
    [{ origin: 'https://evil.example' }, 'cross_origin'],
    [{ origin: 'http://localhost:3000' }, 'cross_origin'],
    [{ origin: 'null' }, 'cross_origin'],
    [{ origin: '' }, 'cross_origin'],
    [{ 'sec-fetch-site': 'cross-site' }, 'cross_site'],
    [{ 'sec-fetch-site': 'same-site' }, 'cross_site'],
    [{ 'sec-fetch-site': 'anything' }, 'cross_site'],
  ])('%j is refused, reading and changing', async (headers, error) => {
    const admin = await start()
    for (const answer of [
      await admin.ask('/log/level', { headers }),
      await admin.put({ levels: 'debug' }, headers),
    ])
      expect([answer.status, errorOf(answer.body)]).toEqual([403, error])
    expect(admin.log.events('log_level_changed')).toEqual([])
  })

  test('a preflight is refused, and nothing allows a page to read', async () => {
    const admin = await start()
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'PUT' }
    const answer = await admin.ask('/log/level', { method: 'OPTIONS', headers })
    expect(answer.status).toBe(403)
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test('an address typed by a person is answered', async () => {
    const admin = await start()
    expect((await admin.ask('/log/level', { headers: { 'sec-fetch-site': 'none' } })).status).toBe(200)
  })
})

test.each([['x-forwarded-for'], ['forwarded'], ['via'], ['x-forwarded-anything'], ['cf-ray']])(
  'a proxy that says so by %s needs the token',
  async (name) => {
    const open = await start()
    const answer = await open.ask('/log/level', { headers: { [name]: '1' } })
    expect([answer.status, errorOf(answer.body)]).toEqual([403, 'proxied'])
    await open.log.telltale.shutdown()
    const guarded = await start({ port: 0, token })
    const headers = { [name]: '1', authorization: `Bearer ${token}` }
    expect((await guarded.ask('/log/level', { headers })).status).toBe(200)
  },
)

describe('the token', () => {
  test.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Bearer ${token}x`,
    `Bearer ${token.slice(0, -1)}`,
    `Bearer ${token.toLowerCase()}`,
    `Bearer x ${token}`,
    token,
    `Basic ${token}`,
    `Bearer ${token}, Bearer ${token}`,
  ])('is not %j', async (authorization) => {
    const admin = await start({ port: 0, token })
    const headers = authorization === undefined ? {} : { authorization }
    const answer = await admin.ask(`/log/level?token=${token}`, { headers })
    expect([answer.status, errorOf(answer.body)]).toEqual([401, 'token_needed'])
    expect(answer.headers['www-authenticate']).toBe('Bearer')
    expect(admin.log.text).not.toContain('S3cret')
  })

  test('is asked for on loopback too, once there is one, and never written', async () => {
    const admin = await start({ port: 0, token })
    const answer = await admin.put({ levels: 'debug' }, { authorization: `bearer ${token}` })
    expect(answer.status).toBe(200)
    expect(admin.log.text).not.toContain('S3cret')
  })
})

test('whoever is refused can not fill the log', async () => {
  const admin = await start()
  for (let n = 0; n < 50; n++) await admin.ask('/log/level', { headers: { host: `evil${n}.example` } })
  await admin.ask('/log/level', { headers: { origin: 'null' } })
  expect(admin.log.events('admin_refused').map((line) => line['reason'])).toEqual([
    'bad_host',
    'cross_origin',
  ])
})

describe('what is slow, or large', () => {
  test('a head of more than 8 KiB is refused', async () => {
    const admin = await start()
    expect((await admin.ask('/log/level', { headers: { filling: 'x'.repeat(9000) } })).status).toBe(431)
  })

  test('a head that does not end, a body that does not end and a connection that says nothing are closed', async () => {
    const admin = await start()
    const connections = ['GET /log/level HTTP/1.1\r\nHost: localhost\r\n', changeOf(100), ''].map((text) => {
      const connection = new RawConnection(admin.port)
      if (text !== '') connection.send(text)
      return connection
    })
    await until('all are closed', () => connections.every(({ isClosed }) => isClosed))
    expect(admin.log.events('log_level_changed')).toEqual([])
  }, 20_000)

  test('where there are 256 connections the oldest that says nothing makes room', async () => {
    const admin = await start()
    const connections = Array.from({ length: 260 }, () => new RawConnection(admin.port))
    const closed = (): number[] => connections.flatMap(({ isClosed }, index) => (isClosed ? [index] : []))
    await until('four are closed', () => closed().length >= 4)
    expect(closed()).toEqual([0, 1, 2, 3])
    for (const { socket } of connections) socket.destroy()
    expect((await admin.ask('/log/level')).status).toBe(200)
  })
})

function changeOf(length: number): string {
  return `PUT /log/level HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n{"levels":`
}
