import { afterEach, describe, expect, test } from 'vitest'
import { Child, endChildren } from '../support/child.js'
import { ask } from '../support/client.js'
import { Load } from '../support/load.js'
import { until } from '../support/until.js'

afterEach(endChildren)

describe.each(['http', 'express', 'fastify'])('%s, at 500 requests a second', (adapter) => {
  test('a client that stops at 503 and honours Connection: close sees no error', async () => {
    const child = new Child('serve.mjs', [adapter, '{"lifecycle":{"drainDelayMs":700}}'])
    const port = await child.port()
    const load = new Load(port)
    load.start()
    await until('a second of load', () => load.whole.size >= 500)
    child.kill('SIGTERM')
    await notReady(port)
    await load.stop()
    expect(load.failed).toEqual([])
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expectSameRequests(load, child)
  })

  test('without a delay, whatever the server has read is answered whole, and told', async () => {
    const child = new Child('serve.mjs', [adapter])
    const load = new Load(await child.port())
    load.start()
    await until('a second of load', () => load.whole.size >= 500)
    child.kill('SIGTERM')
    expect(await child.ended).toEqual({ code: 0, signal: null })
    await load.stop()
    expectSameRequests(load, child)
  })
})

async function notReady(port: number): Promise<void> {
  let status = 200
  while (status === 200) ({ status } = await ask(port, '/health/ready'))
}

function expectSameRequests(load: Load, child: Child): void {
  const told = child.lines.filter(({ event }) => event === 'request_completed')
  expect(told.map((line) => line['request_id']).sort()).toEqual([...load.whole].sort())
  expect(child.names).not.toContain('request_aborted')
  expect(child.names).not.toContain('request_failed')
  expect(child.lines.at(-1)).toMatchObject({ event: 'shutdown_completed', level: 'info' })
  expect(child.stderr).toBe('')
}
