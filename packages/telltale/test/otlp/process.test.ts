import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { rolldown } from 'rolldown'
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
    expect(child.one('loaded')['lost']).toBeNull()
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

  it('is kept alive by a flush, until it is done', async () => {
    collector.behave = (response) => void setTimeout(() => response.end(), 300)
    const child = start('flush')
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(child.names).toContain('flushed')
    expect(flows()).toHaveLength(3)
  })

  it('is not kept by a flush beyond its deadline', async () => {
    collector.behave = silence
    const child = start('flush-in-vain')
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(child.names).toContain('flushed')
  })

  it('sends at its end what was raised after it had nothing to do', async () => {
    const child = start('end-again')
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(flows()).toHaveLength(3)
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

/** The built package in a folder of its own. */
function installed(folder: string): void {
  const own = join(folder, 'node_modules/telltale')
  mkdirSync(own, { recursive: true })
  for (const part of ['package.json', 'dist'])
    cpSync(fileURLToPath(new URL(`../../${part}`, import.meta.url)), join(own, part), { recursive: true })
}

describe('installed elsewhere', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'otlp-elsewhere-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  async function run(file: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
    const env = {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    }
    return promisify(execFile)(process.execPath, [join(folder, file), ...args], { env })
  }

  it('without the serializers the service runs on, and it is said once with what to do', async () => {
    installed(folder)
    cpSync(fileURLToPath(new URL('../fixtures/otlp.mjs', import.meta.url)), join(folder, 'app.mjs'))
    const { stdout, stderr } = await run('app.mjs', 'shutdown')
    expect(stdout).toContain('"event":"job_flow_completed"')
    expect(stderr.trim().split('\n')).toEqual([
      'telltale: nothing is sent over OTLP: it takes @opentelemetry/otlp-transformer, and it is not installed. Run: npm install @opentelemetry/otlp-transformer @opentelemetry/api',
    ])
    expect(collector.received).toEqual([])
    const loaded = stdout.split('\n').find((line) => line.includes('"event":"loaded"'))!
    // Before it is known that they are missing, spans and lines wait: at least what stood before setup().
    expect((JSON.parse(loaded) as { lost: string[] }).lost).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/signal="log",reason="peer_missing"} [1-9]/),
        expect.stringMatching(/signal="span",reason="peer_missing"} 1$/),
      ]),
    )
  })

  it('bundled into one file it sends as well', async () => {
    installed(folder)
    const modules = fileURLToPath(new URL('../../../../node_modules/@opentelemetry', import.meta.url))
    symlinkSync(modules, join(folder, 'node_modules/@opentelemetry'))
    const code = `
      import { getLogger, setup } from 'telltale'
      import 'telltale/otlp'
      const telltale = setup({ service: 'bundled' })
      getLogger('app').info('from_bundle')
      await telltale.shutdown()`
    writeFileSync(join(folder, 'app.mjs'), code)
    const bundle = await rolldown({ input: join(folder, 'app.mjs'), platform: 'node', logLevel: 'silent' })
    await bundle.write({ file: join(folder, 'bundle.mjs'), format: 'esm', codeSplitting: false })
    await bundle.close()
    rmSync(join(folder, 'node_modules'), { recursive: true })
    const { stderr } = await run('bundle.mjs')
    expect(stderr).toBe('')
    expect(sent()).toContain('from_bundle')
  })
})
