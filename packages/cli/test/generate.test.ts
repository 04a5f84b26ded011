import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { counter, flow, getLogger, health, setup } from 'telltale'
import { observeHttp } from 'telltale/http'
import { expect, test, vi } from 'vitest'

const bin = fileURLToPath(new URL('../bin/telltale.js', import.meta.url))

async function telltale(args: readonly string[], stdin = '') {
  const child = spawn(process.execPath, [bin, 'generate', ...args], { stdio: 'pipe' })
  child.stdin.on('error', () => undefined).end(stdin)
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text))
  const [code] = await once(child, 'close')
  return { code: code as number, out, err }
}

test('finds all that a service of the SDK measures, by the names that the SDK gives', async () => {
  const service = setup({
    service: 'shop',
    log: { sinks: [{ write: () => undefined }] },
    lifecycle: { signals: false },
  })
  const server = createServer(
    observeHttp((request, response) => {
      if (request.url === '/broken') throw new Error('broken')
      response.end('ok')
    }),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    health.check('database', () => true)
    counter('orders_total', { help: 'Orders.', labels: { kind: ['new', 'again'] } }).inc({ kind: 'new' })
    await flow('checkout', {}, (f) => f.step('pay', () => 'paid'))
    getLogger('shop').info('order_placed', {})
    for (const path of ['/', '/broken']) await (await fetch(origin + path)).text()
    await vi.waitFor(async () => {
      const text = await (await fetch(`${origin}/metrics`)).text()
      expect(text).toContain('health_check_up{check="database"} 1')
    }, 20_000)

    const made = await telltale(['dashboard', `${origin}/metrics`])
    expect(made).toMatchObject({ code: 0, err: '' })
    const { panels } = JSON.parse(made.out) as { panels: { type: string; title: string }[] }
    const rows = panels.filter(({ type }) => type === 'row').map(({ title }) => title)
    expect(rows).toEqual(['Requests', 'Flows', 'Health', 'Process', 'Telltale itself', 'Own metrics'])
    expect(panels.slice(panels.findIndex(({ title }) => title === 'Own metrics') + 1)).toMatchObject([
      { title: 'Orders' },
    ])

    const { code, out, err } = await telltale(['alerts', `${origin}/metrics`, '--job', 'shop'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/alert: RequestsFailing[^]*alert: FlowFailing/)
  } finally {
    server.close().closeAllConnections()
    await service.shutdown()
  }
})

test('reads a pipe, and writes nothing but the result to standard output', async () => {
  const { code, out, err } = await telltale(['alerts', '-', '--job', 'shop'], 'up_since 1\n')
  expect(code).toBe(0)
  expect(out).toMatch(/^# Made by telltale generate alerts[^]*severity: warning/)
  expect(err).toMatch(/^(telltale generate: no alert on .*\n){3}$/)
})

test('a wrong call and a service that is not there end as commands do', async () => {
  expect(await telltale(['dashboards'])).toMatchObject({ code: 2, out: '' })
  // The port of nobody: closed again before it is asked.
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await once(server.close(), 'close')
  const { code, out, err } = await telltale(['dashboard', `http://127.0.0.1:${port}/metrics`])
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toBe(
    `telltale generate: can't ask http://127.0.0.1:${port}/metrics: nothing listens there; is the service running?\n`,
  )
})
