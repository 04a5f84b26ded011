import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { Child, endChildren } from '../support/child.js'
import { ask, RawConnection } from '../support/client.js'
import { until } from '../support/until.js'

afterEach(endChildren)

async function portOf(child: Child): Promise<number> {
  return Number(new URL(String((await child.says('admin_listening'))['url'])).port)
}

describe.each(['esm', 'cjs'])('the %s build', (build) => {
  test('writes more from the change of levels on, and less when its time is over', async () => {
    const child = new Child('admin.mjs', [build, '{"port":0}'])
    const port = await portOf(child)
    await child.says('beat')
    const answer = await ask(port, '/log/level', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"levels":"app=debug","for_ms":400}',
    })
    expect(answer.status).toBe(200)
    await child.says('beat_detail')
    await until(
      'the level is back',
      () => child.names.filter((name) => name === 'log_level_changed').length === 2,
    )
    const { length } = child.lines
    await until('it beats on', () => child.lines.length > length + 5)
    child.process.stdin!.end()
    expect((await child.ended).code).toBe(0)
    const { names } = child
    const detailed = names.flatMap((name, index) => (name === 'beat_detail' ? [index] : []))
    expect(detailed[0]).toBeGreaterThan(names.indexOf('log_level_changed'))
    expect(detailed.at(-1)).toBeLessThan(names.lastIndexOf('log_level_changed'))
  })

  test('is not kept alive, neither by the listener nor by who is connected', async () => {
    const child = new Child('admin.mjs', [build, '{"port":0}'])
    const port = await portOf(child)
    const connection = new RawConnection(port)
    connection.send('GET /log/level HTTP/1.1\r\nHost: local')
    await until('it is connected', () => !connection.socket.connecting)
    // Connections are accepted in order: where this one is answered, the other is known.
    expect((await ask(port, '/log/level')).status).toBe(200)
    const drip = setInterval(() => connection.send('x'), 20)
    child.process.stdin!.end()
    expect((await child.ended).code).toBe(0)
    await connection.closed
    clearInterval(drip)
    // Not even until the head's time was over, which is said as a 408.
    expect(connection.text).toBe('')
  })

  test('loads no HTTP server without an admin listener', async () => {
    const without = new Child('admin.mjs', [build])
    const beat = await without.says('beat')
    expect(beat['http']).toBe(false)
    const admin = new Child('admin.mjs', [build, '{"port":0}'])
    await admin.says('admin_listening')
    await until('the server is loaded', () => admin.lines.some((line) => line['http'] === true))
    for (const child of [without, admin]) {
      child.process.stdin!.end()
      expect((await child.ended).code).toBe(0)
    }
  })
})

test('SIGTERM takes the Unix socket away', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'admin-'))
  const path = join(folder, 'service.sock')
  const child = new Child('admin.mjs', ['esm', JSON.stringify({ host: path })])
  await child.says('admin_listening')
  expect(existsSync(path)).toBe(true)
  child.kill('SIGTERM')
  expect((await child.ended).code).toBe(0)
  expect(existsSync(path)).toBe(false)
  rmSync(folder, { recursive: true })
})
