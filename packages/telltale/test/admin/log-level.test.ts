import { describe, expect, test } from 'vitest'
import { getLogger } from '../../src/index.js'
import { adminStarter } from '../support/admin.js'
import { RawConnection } from '../support/client.js'
import { until } from '../support/until.js'

const start = adminStarter()
const app = getLogger('app')
const db = getLogger('db')

test('the levels that hold are shown, and changed until further notice', async () => {
  const admin = await start({ port: 0 }, { log: { level: 'info,db=error' } })
  const shown = await admin.ask('/log/level')
  expect([shown.status, shown.body]).toEqual([200, '{"levels":"info,db=error","until":null}\n'])
  expect(shown.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })

  app.debug('before')
  const changed = await admin.put({ levels: 'debug' })
  expect([changed.status, changed.body]).toEqual([200, '{"levels":"debug","until":null}\n'])
  app.debug('after')
  db.debug('below_too')
  expect(admin.log.events('before', 'after', 'below_too').map(({ event }) => event)).toEqual([
    'after',
    'below_too',
  ])
  expect(admin.log.one('log_level_changed')).toMatchObject({ from: 'info,db=error', to: 'debug' })
  expect((await admin.ask('/log/level')).body).toBe(changed.body)
})

test('a change for a time ends by itself', async () => {
  const admin = await start()
  const before = Date.now()
  const { body } = await admin.put({ levels: 'debug,db=off', for_ms: 300 })
  const { levels, until: ends } = JSON.parse(body) as { levels: string; until: string }
  expect(levels).toBe('debug,db=off')
  expect(ends).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  expect(Date.parse(ends)).toBeGreaterThanOrEqual(before + 300)
  expect(admin.log.one('log_level_changed')).toMatchObject({ from: 'info', to: 'debug,db=off', until: ends })
  await until('the level is back', () => admin.log.events('log_level_changed').length === 2)
  expect(admin.log.events('log_level_changed')[1]).toMatchObject({ from: 'debug,db=off', to: 'info' })
  expect((await admin.ask('/log/level')).body).toBe('{"levels":"info","until":null}\n')
  app.debug('too_late')
  expect(admin.log.events('too_late')).toEqual([])
})

test('a level that a logger has alone leaves the others as they are', async () => {
  const admin = await start({ port: 0 }, { log: { level: 'warning' } })
  expect((await admin.put({ levels: 'db.pool=debug' })).body).toContain('"warning,db.pool=debug"')
})

test('each use is an event, whatever the levels', async () => {
  const admin = await start()
  await admin.put({ levels: 'off' })
  await admin.ask('/log/level?at=once')
  await admin.put({ levels: 'loud' })
  const used = {
    level: 'info',
    logger: 'telltale',
    control: 'log_level',
    path: '/log/level',
    peer: '127.0.0.1',
  }
  expect(admin.log.events('admin_used')).toEqual([
    expect.objectContaining({ ...used, method: 'PUT', status: 200 }),
    expect.objectContaining({ ...used, method: 'GET', status: 200 }),
    expect.objectContaining({ ...used, method: 'PUT', status: 400 }),
  ])
})

describe('a change that can not be read is refused, and changes nothing', () => {
  const level = 'levels must be a string such as "debug" or "info,db=debug", got '
  const time = 'for_ms must be a number of milliseconds from 1 to 2147483647, got '
  test.each([
    [{}, `${level}nothing.`],
    [{ levels: 5 }, `${level}5.`],
    [{ levels: ' ' }, `${level}" ".`],
    [{ levels: ['debug'] }, `${level}["debug"].`],
    [
      { levels: 'loud' },
      `levels can't be read, got "loud"; accepted: debug, info, warning, error, critical, off`,
    ],
    [{ levels: 'info,db=loud' }, 'got "info,db=loud"; accepted: debug'],
    [{ levels: '=debug' }, 'got "=debug"; accepted'],
    [{ levels: 'debug', for_ms: 0 }, `${time}0.`],
    [{ levels: 'debug', for_ms: -1 }, `${time}-1.`],
    [{ levels: 'debug', for_ms: '600' }, `${time}"600".`],
    [{ levels: 'debug', for_ms: null }, `${time}null.`],
    [{ levels: 'debug', for_ms: 2 ** 31 }, `${time}2147483648.`],
    [
      { levels: 'debug', forMs: 5 },
      '"forMs" is not known; a change is {"levels":"info,db=debug","for_ms":600000}.',
    ],
    ['{"levels":"debug","__proto__":{}}', '"__proto__" is not known'],
    ['{"levels":"debug","for_ms":1e999}', `${time}null.`],
    ['', 'The body must be a JSON object in UTF-8.'],
    ['{"levels":"debug"', 'The body must be a JSON object in UTF-8.'],
    ['"debug"', 'The body must be a JSON object'],
    ['null', 'The body must be a JSON object'],
    ['[]', 'The body must be a JSON object'],
    [Buffer.from('{"levels":"debug,\xff=info"}', 'latin1'), 'The body must be a JSON object in UTF-8.'],
  ])('%j', async (body, message) => {
    const admin = await start()
    const answer = await admin.put(body)
    expect(answer.status).toBe(400)
    expect((JSON.parse(answer.body) as { message: string }).message).toContain(message)
    expect(admin.log.events('log_level_changed')).toEqual([])
    expect((await admin.ask('/log/level')).body).toBe('{"levels":"info","until":null}\n')
  })

  test('a secret that was sent by mistake does not come back', async () => {
    const admin = await start()
    const answer = await admin.put({ levels: 'postgres://app:S3cretPassw0rd@db/app' })
    expect(answer.status).toBe(400)
    expect(answer.body + admin.log.text).not.toContain('S3cret')
  })
})

test.each([
  [{ 'content-type': 'text/plain' }],
  [{ 'content-type': 'application/x-www-form-urlencoded' }],
  [{ 'content-type': 'application/json-patch+json' }],
  [{ 'content-type': '' }],
  [{ 'content-encoding': 'gzip' }],
])('%j is not JSON', async (headers) => {
  const admin = await start()
  expect((await admin.put({ levels: 'debug' }, headers)).status).toBe(415)
  expect(admin.log.events('log_level_changed')).toEqual([])
})

test('JSON with its character set is', async () => {
  const admin = await start()
  const headers = { 'content-type': 'Application/JSON; charset=utf-8' }
  expect((await admin.put({ levels: 'debug' }, headers)).status).toBe(200)
})

test.each([4096 - 18, 4097 - 18, 500_000])('a body with %d more spaces', async (spaces) => {
  const admin = await start()
  const body = `{"levels":"debug"}${' '.repeat(spaces)}`
  const answer = await admin.put(body)
  expect(answer.status).toBe(body.length <= 4096 ? 200 : 413)
  expect(admin.log.events('log_level_changed')).toHaveLength(body.length <= 4096 ? 1 : 0)
})

test('a body without an end is cut', async () => {
  const admin = await start()
  const connection = new RawConnection(admin.port)
  connection.send(
    'PUT /log/level HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
  )
  const chunk = `8000\r\n${' '.repeat(0x8000)}\r\n`
  await until('the connection is closed', () => {
    if (!connection.isClosed) connection.send(chunk)
    return connection.isClosed
  })
  expect((await admin.ask('/log/level')).status).toBe(200)
})

test.each(['POST', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'])('%s is not allowed', async (method) => {
  const admin = await start()
  const body = '{"levels":"debug"}'
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  const answer = await admin.ask('/log/level', { method, headers, body })
  expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, HEAD, PUT'])
  expect(admin.log.events('log_level_changed')).toEqual([])
})

test('HEAD is GET without its body', async () => {
  const admin = await start()
  const [head, get] = [await admin.ask('/log/level', { method: 'HEAD' }), await admin.ask('/log/level')]
  expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', String(get.body.length)])
})

test.each([
  '//',
  '/log',
  '/log/level/',
  '//log/level',
  '/log//level',
  '/LOG/level',
  '/log/./level',
  '/x/../log/level',
  '/log%2flevel',
  '/log/level%00',
  '/log/level;x',
  '/flows/',
  '/requests/',
  '/metric',
  '/__proto__',
  '/constructor',
])('%s is nothing', async (path) => {
  const admin = await start()
  const answer = await admin.ask(path)
  expect([answer.status, JSON.parse(answer.body)]).toEqual([
    404,
    expect.objectContaining({ error: 'not_found' }),
  ])
  expect(admin.log.events('admin_used')).toEqual([])
})
