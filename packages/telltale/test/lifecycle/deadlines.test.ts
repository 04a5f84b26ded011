import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Line } from '../support/capture.js'
import { Child, endChildren } from '../support/child.js'
import { ask, RawConnection } from '../support/client.js'

const lifecycle = { drainDelayMs: 300, drainTimeoutMs: 700, flushTimeoutMs: 600 }
// Less than a pipe or an exit would be waited for again, more than a busy machine needs.
const smallChangeMs = 1500

const folder = mkdtempSync(join(tmpdir(), 'deadlines-'))
const silent: { readonly server: Server; readonly sockets: Set<Socket> }[] = []

afterEach(() => {
  endChildren()
  for (const { server, sockets } of silent.splice(0)) {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  rmSync(folder, { recursive: true, force: true })
})

/** Accepts, and never answers. */
async function silence(): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined)))
  silent.push({ server, sockets })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(server.address() as { port: number }).port}`
}

interface Ended {
  readonly ms: number
  readonly code: number | null
  readonly lines: Line[]
  readonly stderr: string
}

/** From SIGTERM to the end of the process, with a request that hangs. */
async function ending(name: string, stalls: readonly string[], options: object): Promise<Ended> {
  const file = join(folder, name)
  const child = new Child('stalls.mjs', [
    JSON.stringify(stalls),
    file,
    JSON.stringify({ lifecycle, ...options }),
  ])
  const port = await child.port()
  if (stalls.includes('pipe')) {
    child.process.stdout!.pause()
    await ask(port, '/fill')
  }
  const client = new RawConnection(port)
  client.send('GET /hang HTTP/1.1\r\nHost: a\r\n\r\n')
  let open = ''
  while (!open.includes('http_requests_in_progress{method="GET"} 1\n'))
    open = (await ask(port, '/metrics')).body
  const exit = new Promise<number | null>((resolve) => child.process.on('exit', resolve))
  const startedAt = performance.now()
  child.kill('SIGTERM')
  const code = await exit
  const ms = performance.now() - startedAt
  child.process.stdout!.resume()
  await Promise.all([client.closed, child.ended])
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  return { ms, code, lines: lines.map((line) => JSON.parse(line) as Line), stderr: child.stderr }
}

test('when everything stalls the process is gone in time, and what was cut or left is named', async () => {
  const control = await ending('control', [], {})
  expect(control.code).toBe(1)
  const stalls = ['drain', 'hook', 'flow', 'exit', 'sink', 'pipe']
  const { ms, code, lines, stderr } = await ending('stalled', stalls, {
    sentry: { dsn: `http://publickey@${await silence()}/42`, exitFlushMs: 20_000 },
    otlp: { endpoint: `http://${await silence()}`, tracesSampleRate: 1 },
  })
  expect(code).toBe(1)
  expect(ms).toBeLessThan(control.ms + lifecycle.flushTimeoutMs + smallChangeMs)
  const completed = lines.find(({ event }) => event === 'shutdown_completed')
  expect(completed?.['cut']).toEqual([
    expect.stringMatching(/^request GET \/hang [0-9a-f]{16}$/),
    'hook consumer',
    expect.stringMatching(/^flow retake-[0-9a-f]{12}$/),
    'hook pool',
  ])
  expect(lines.find(({ event }) => event === 'errors_not_sent')).toMatchObject({
    count: 1,
    reason: expect.stringMatching(/has not answered for \d\.\d s, and the shutdown could not wait longer$/),
  })
  const left = /^telltale: (.*): left with what waited there, for it was not done within 600 ms/m.exec(stderr)
  expect(left?.[1]!.split(', ').sort()).toEqual(
    ['the OTLP exit', 'the Sentry exit', 'the sink log.sinks[2]', 'the tracker'].sort(),
  )
  expect(stderr).toMatch(/\d+ log lines for standard output could not be written at the end of the process/)
})
