import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Child, endChildren } from '../support/child.js'
import { Collector, silence } from './collector.js'

let collector: Collector

beforeEach(async () => (collector = await new Collector().open()))
afterEach(async () => {
  endChildren()
  await collector.close()
})

const sent = (): string[] => collector.logs.map(({ eventName }) => eventName)
const flows = (): string[] => collector.spans.map(({ name }) => name)

function start(way: string, env: NodeJS.ProcessEnv = {}): Child {
  return new Child('otlp.mjs', [way], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, ...env })
}

describe('a process of its own', () => {
  it('sends what was raised before setup() and before all was loaded', async () => {
    const child = start('shutdown')
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(sent()).toEqual(
      expect.arrayContaining(['before_setup', 'job_flow_completed', 'shutdown_completed']),
    )
    expect(flows()).toHaveLength(1)
    expect(child.one('loaded')['opentelemetry']).toBeGreaterThan(0)
    expect(child.stderr).toBe('')
  })

  it('loads nothing of OpenTelemetry where no endpoint is named', async () => {
    const child = start('shutdown', { OTEL_EXPORTER_OTLP_ENDPOINT: '' })
    expect((await child.ended).code).toBe(0)
    expect(child.one('loaded')['opentelemetry']).toBe(0)
    expect(collector.received).toEqual([])
  })

  it('sends what it has where it ends by itself', async () => {
    const child = start('end')
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(sent()).toContain('last')
    expect(flows()).toHaveLength(1)
  })

  it('ends by itself though a collector stands still', async () => {
    collector.behave = silence
    const child = start('end')
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(collector.received.length).toBeGreaterThan(0)
  })

  it('sends its last line on SIGTERM', async () => {
    const child = start('signal')
    await child.says('ready')
    child.kill('SIGTERM')
    expect((await child.ended).code).toBe(0)
    expect(sent()).toContain('shutdown_completed')
  })

  it("sends a worker thread's lines once, and its spans", async () => {
    const child = start('worker')
    expect((await child.ended).code).toBe(0)
    expect(sent().filter((name) => name === 'from_worker')).toHaveLength(1)
    expect(flows()).toHaveLength(1)
  })
})

describe('without the serializers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'otlp-missing-'))
  const own = join(folder, 'node_modules/telltale')
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('the service runs on, and it is said once with what to do', async () => {
    mkdirSync(own, { recursive: true })
    for (const part of ['package.json', 'dist'])
      cpSync(fileURLToPath(new URL(`../../${part}`, import.meta.url)), join(own, part), { recursive: true })
    cpSync(fileURLToPath(new URL('../fixtures/otlp.mjs', import.meta.url)), join(folder, 'app.mjs'))
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'app.mjs'), 'shutdown'], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], NODE_ENV: 'test', OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint },
    })
    expect(status).toBe(0)
    expect(stdout).toContain('"event":"job_flow_completed"')
    expect(stderr.trim().split('\n')).toEqual([
      'telltale: nothing is sent over OTLP: it takes @opentelemetry/otlp-transformer, and it is not installed. Run: npm install @opentelemetry/otlp-transformer @opentelemetry/api',
    ])
    expect(collector.received).toEqual([])
  })
})
