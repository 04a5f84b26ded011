import { Agent } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { Child, endChildren } from '../support/child.js'
import { ask, RawConnection } from '../support/client.js'

afterEach(endChildren)

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`
const bodyBytes = 200_000

describe.each(['fastify', 'express', 'http'])('%s', (adapter) => {
  test('SIGTERM under load: what was begun is answered whole and told, then the process ends with 0', async () => {
    const child = new Child('serve.mjs', [adapter, '{"log":{"level":"info"}}'])
    const port = await child.port()
    const agent = new Agent({ keepAlive: true, maxSockets: 20 })
    // Idle keep-alive connections must not hold the process up either.
    await Promise.all(Array.from({ length: 20 }, () => ask(port, '/work/0', { agent })))
    const open = Array.from({ length: 30 }, (_each, n) =>
      ask(port, `/work/${100 + n * 10}`, { headers: { 'x-request-id': `under-load-${n}` } }),
    )
    await served(port, 30)
    child.kill('SIGTERM')
    const answers = await Promise.all(open)
    const ended = await child.ended
    agent.destroy()
    expect(ended).toEqual({ code: 0, signal: null })
    for (const answer of answers) expect([answer.status, answer.body.length]).toEqual([200, bodyBytes])
    const told = child.lines
      .filter(({ event }) => event === 'request_completed')
      .map((line) => line['request_id'])
    expect(answers.map(({ headers }) => headers['x-request-id']).filter((id) => !told.includes(id))).toEqual(
      [],
    )
    expect(told).toHaveLength(50)
    expect(new Set(told).size).toBe(50)
    expect(child.lines.at(-1)).toMatchObject({
      level: 'info',
      event: 'shutdown_completed',
      reason: 'SIGTERM',
    })
    expect(child.one('shutdown_started')).toMatchObject({ reason: 'SIGTERM', in_flight: 30 })
    expect(child.stderr).toBe('')
  })

  test('while clients go on asking, the lines and the whole responses are of the same requests', async () => {
    const child = new Child('serve.mjs', [adapter])
    const port = await child.port()
    const agent = new Agent({ keepAlive: true, maxSockets: 16 })
    const whole = new Set<string>()
    let refused = 0
    const client = async (name: number): Promise<void> => {
      for (let n = 0; refused < 16; n++) {
        const id = `client-${name}-${n}`
        try {
          const answer = await ask(port, `/work/${n % 4}`, { agent, headers: { 'x-request-id': id } })
          if (answer.status === 200 && answer.body.length === bodyBytes) whole.add(id)
        } catch {
          refused++
          return
        }
        if (whole.size === 300) child.kill('SIGTERM')
      }
    }
    await Promise.all(Array.from({ length: 16 }, (_each, name) => client(name)))
    expect(await child.ended).toEqual({ code: 0, signal: null })
    agent.destroy()
    const told = child.lines
      .filter(({ event }) => event === 'request_completed')
      .map((line) => line['request_id'])
    expect(told.length).toBeGreaterThanOrEqual(300)
    expect([...whole].sort()).toEqual([...told].sort())
    expect(child.names.filter((event) => event === 'request_aborted' || event === 'request_failed')).toEqual(
      [],
    )
    expect(child.names.at(-1)).toBe('shutdown_completed')
  })

  test('pipelined requests are all answered before their connection closes', async () => {
    const child = new Child('serve.mjs', [adapter])
    const port = await child.port()
    const client = new RawConnection(port)
    client.send(get('/work/300') + get('/work/200') + get('/work/301'))
    await served(port, 3)
    child.kill('SIGTERM')
    expect(await child.ended).toEqual({ code: 0, signal: null })
    await client.closed
    expect(client.text.match(/HTTP\/1.1 200 /g)).toHaveLength(3)
    expect(client.text.match(/^connection: close/gim)).toHaveLength(1)
    expect(child.names.filter((event) => event === 'request_completed')).toHaveLength(3)
  })

  test('during the drain delay it is unready and serves on, closing connections', async () => {
    const child = new Child('serve.mjs', [adapter, '{"lifecycle":{"drainDelayMs":2000}}'])
    const port = await child.port()
    child.kill('SIGINT')
    await child.says('shutdown_started')
    const ready = await ask(port, '/health/ready')
    expect([ready.status, (JSON.parse(ready.body) as { status: string }).status]).toEqual([503, 'draining'])
    expect((await ask(port, '/health')).status).toBe(200)
    const agent = new Agent({ keepAlive: true })
    const answer = await ask(port, '/work/1', { agent })
    expect([answer.status, answer.headers.connection]).toEqual([200, 'close'])
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(child.one('request_completed')['path']).toBe('/work/1')
    expect(child.lines.at(-1)!.event).toBe('shutdown_completed')
  })

  test('what outlasts the drain is named, and the exit code is 1', async () => {
    const child = new Child('serve.mjs', [
      adapter,
      '{"lifecycle":{"drainTimeoutMs":100,"flushTimeoutMs":100}}',
    ])
    const port = await child.port()
    const client = new RawConnection(port)
    client.send(get('/work/60000'))
    await served(port, 1)
    child.kill('SIGTERM')
    expect(await child.ended).toEqual({ code: 1, signal: null })
    const last = child.one('shutdown_completed')
    expect(last.level).toBe('warning')
    const aborted = child.one('request_aborted')
    expect(aborted).toMatchObject({ reason: 'shutdown', status: 499 })
    expect(last['cut']).toEqual([`request GET /work/60000 ${String(aborted['request_id'])}`])
    // The client is told by the end of its connection.
    await client.closed
    expect(client.text).toBe('')
  })

  test('a flow that does not end in time is said to be interrupted', async () => {
    const child = new Child('serve.mjs', [adapter, '{"lifecycle":{"drainTimeoutMs":300}}'])
    const port = await child.port()
    expect((await ask(port, '/flow')).status).toBe(200)
    child.kill('SIGTERM')
    expect(await child.ended).toEqual({ code: 1, signal: null })
    const started = child.one('retake_flow_started')
    const interrupted = child.one('retake_flow_interrupted')
    expect(interrupted).toMatchObject({ level: 'warning', flow_id: started['flow_id'], last_step: 'wait' })
    expect(interrupted).not.toHaveProperty('request_id')
    expect(child.one('shutdown_completed')['cut']).toEqual([`flow ${String(started['flow_id'])}`])
    expect(child.names.at(-1)).toBe('shutdown_completed')
  })
})

describe('the signal', () => {
  test("of an app with its own listener is drained for, and the ending is the app's", async () => {
    const child = new Child('serve.mjs', ['http', '{"own":true}'])
    await child.port()
    child.kill('SIGTERM')
    expect(await child.ended).toEqual({ code: 7, signal: null })
    expect(child.names).toContain('own_listener')
    expect(child.names).toContain('shutdown_completed')
    expect(child.names.at(-1)).toBe('own_end')
  })

  test('sent twice ends at once by the default action, with the lines so far', async () => {
    const child = new Child('serve.mjs', ['http'])
    const port = await child.port()
    const client = new RawConnection(port)
    client.send(get('/work/60000'))
    await served(port, 1)
    child.kill('SIGTERM')
    await child.says('shutdown_started')
    child.kill('SIGTERM')
    expect(await child.ended).toEqual({ code: null, signal: 'SIGTERM' })
    expect(child.names.at(-1)).toBe('shutdown_started')
  })

  test('left alone by signals: false ends the process as Node does', async () => {
    const child = new Child('serve.mjs', ['http', '{"lifecycle":{"signals":false}}'])
    await child.port()
    child.kill('SIGTERM')
    expect(await child.ended).toEqual({ code: null, signal: 'SIGTERM' })
    expect(child.names).not.toContain('shutdown_started')
  })
})

/** Resolves when the service itself counts `count` requests in progress. */
async function served(port: number, count: number): Promise<void> {
  let inProgress = -1
  while (inProgress !== count) {
    const { body } = await ask(port, '/metrics')
    inProgress = Number(/^http_requests_in_progress\{method="GET"\} (\d+)$/m.exec(body)?.[1] ?? -1)
  }
}
