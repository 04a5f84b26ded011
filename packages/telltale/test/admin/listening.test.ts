import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { adminStarter } from '../support/admin.js'
import { Capture } from '../support/capture.js'
import { ask } from '../support/client.js'
import { until } from '../support/until.js'

const start = adminStarter()
const folder = mkdtempSync(join(tmpdir(), 'admin-'))
afterAll(() => rmSync(folder, { recursive: true }))

function askSocket(socketPath: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const req = request({ socketPath, path: '/log/level', headers: { host: 'localhost' } }, (res) => {
      res.resume()
      res.on('end', () => resolve(res.statusCode ?? 0))
    })
    req.on('error', reject)
    req.end()
  })
}

test('the port that was chosen is said, and shutdown() frees it', async () => {
  const admin = await start()
  expect(admin.log.one('admin_listening')).toMatchObject({
    level: 'info',
    logger: 'telltale',
    url: `http://127.0.0.1:${admin.port}`,
  })
  await admin.log.telltale.shutdown()
  await expect(ask(admin.port, '/log/level')).rejects.toThrow('ECONNREFUSED')
  const again = await start({ port: admin.port })
  expect((await again.ask('/log/level')).status).toBe(200)
})

test('IPv6', async () => {
  const admin = await start({ port: 0, host: '::1' })
  expect(admin.url).toBe(`http://[::1]:${admin.port}`)
})

test('shutdown() before it listens leaves nothing open', async () => {
  const log = new Capture({ admin: { port: 0 } })
  await log.telltale.shutdown()
  const url = log.events('admin_listening').at(-1)?.['url']
  if (url !== undefined) await expect(fetch(`${String(url)}/log/level`)).rejects.toThrow('fetch failed')
})

test('a port that is taken is said, and the service goes on', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  const log = new Capture({ admin: { port } })
  await until('it is said', () => log.events('admin_not_listening').length > 0)
  expect(log.one('admin_not_listening')).toMatchObject({
    level: 'warning',
    url: `http://127.0.0.1:${port}`,
    error: { code: 'EADDRINUSE' },
  })
  await log.telltale.shutdown()
  expect(log.one('shutdown_completed')).toMatchObject({ level: 'info' })
  await new Promise((resolve) => other.close(resolve))
})

test('a second setup() with another admin listener names the option, not the token', async () => {
  const { telltale } = (await start({ port: 0, token: 'S3cretAdm1nToken' })).log
  const second = (): unknown => new Capture({ admin: { port: 0, token: 'S3cretOther' } })
  expect(second).toThrow('admin.token')
  expect(second).not.toThrow('S3cret')
  await telltale.shutdown()
})

describe('a Unix socket', () => {
  test.each(['', 'unix:'])('%s is readable by its owner alone, and removed at shutdown', async (prefix) => {
    const path = join(folder, `${prefix === '' ? 'a' : 'b'}.sock`)
    const admin = await start({ host: `${prefix}${path}` })
    expect(admin.url).toBe(`unix:${path}`)
    expect(lstatSync(path).isSocket()).toBe(true)
    expect(lstatSync(path).mode & 0o777).toBe(0o600)
    expect(await askSocket(path)).toBe(200)
    expect(admin.log.one('admin_used')['peer']).toBe('unix')
    await admin.log.telltale.shutdown()
    expect(readdirSync(folder)).toEqual([])
  })

  test('takes the place of one on which nobody listens', async () => {
    const path = join(folder, 'left.sock')
    const dead = createSocketServer()
    await new Promise<void>((resolve) => dead.listen(join(folder, 'dying.sock'), resolve))
    const { renameSync } = await import('node:fs')
    renameSync(join(folder, 'dying.sock'), path)
    await new Promise((resolve) => dead.close(resolve))
    expect(lstatSync(path).isSocket()).toBe(true)
    const admin = await start({ host: path })
    expect(await askSocket(path)).toBe(200)
    await admin.log.telltale.shutdown()
    expect(readdirSync(folder)).toEqual([])
  })

  test.each([
    ['a file', (path: string) => writeFileSync(path, 'keep me'), 'is no socket'],
    ['a folder that is not there', () => undefined, 'ENOENT'],
  ])('%s is left alone, and said', async (name, prepare, message) => {
    const path = join(folder, name === 'a file' ? 'file.sock' : 'no/folder.sock')
    prepare(path)
    const log = new Capture({ admin: { host: path } })
    await until('it is said', () => log.events('admin_not_listening').length > 0)
    expect(JSON.stringify(log.one('admin_not_listening')['error'])).toContain(message)
    await log.telltale.shutdown()
    expect(readdirSync(folder)).toEqual(name === 'a file' ? ['file.sock'] : [])
    rmSync(path, { force: true })
  })

  test('of another process that listens is left alone, and said', async () => {
    const path = join(folder, 'taken.sock')
    const other = createSocketServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => other.listen(path, resolve))
    chmodSync(path, 0o600)
    const log = new Capture({ admin: { host: path } })
    await until('it is said', () => log.events('admin_not_listening').length > 0)
    expect(JSON.stringify(log.one('admin_not_listening')['error'])).toContain('another process listens')
    await log.telltale.shutdown()
    expect(readdirSync(folder)).toEqual(['taken.sock'])
    await new Promise((resolve) => other.close(resolve))
  })
})
