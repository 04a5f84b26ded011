import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Child, endChildren } from '../support/child.js'
import { until } from '../support/until.js'
import { Ingest, silence } from './ingest.js'

let ingest: Ingest

beforeEach(async () => (ingest = await new Ingest().open()))
afterEach(async () => {
  endChildren()
  await ingest.close()
})

function start(way: string, env: NodeJS.ProcessEnv = {}): Child {
  return new Child('sentry.mjs', [way], { SENTRY_DSN: ingest.dsn, SENTRY_RELEASE: '', ...env })
}

const aId: unknown = expect.stringMatching(/^[0-9a-f]{32}$/)

/** What was under way as the process ended may come twice, under one id. */
const arrived = (): string[] => [...new Set(ingest.events.map(({ event_id: id }) => String(id)))]
const values = (): string[] =>
  ingest.events[0]!['exception'].values.map(({ value }: { value: string }) => value)

describe('the event arrives and the exit code is kept', () => {
  it.each([
    ['process.exit(3) in the turn of setup()', 'exit', 3],
    ['process.exit(3) right after the report', 'exitLater', 3],
    ['process.exit(3), by a listener for it', 'exitListener', 3],
    ['the end of all work', 'end', 4],
    ['a throw in the turn of setup()', 'throw', 1],
    ['a throw', 'throwLater', 1],
    ['a rejection', 'reject', 1],
    ['shutdown()', 'shutdown', 0],
  ])('at %s', async (_what, way, code) => {
    const child = start(way)
    expect(await child.ended).toEqual({ code, signal: null })
    expect(arrived()).toHaveLength(1)
    expect(values()).toEqual(['no such thing', 'beyond reach'])
    expect(child.names).not.toContain('errors_not_sent')
  })

  it('on SIGTERM', async () => {
    const child = start('signalled')
    await child.says('ready')
    child.kill('SIGTERM')
    expect((await child.ended).code).toBe(0)
    expect(arrived()).toHaveLength(1)
  })

  it("where the app's own listener has the say", async () => {
    const child = start('listen')
    expect((await child.ended).code).toBe(7)
    expect(child.names).toContain('heard')
    expect(arrived()).toHaveLength(1)
  })

  it('in a worker thread', async () => {
    const child = start('worker')
    expect((await child.ended).code).toBe(5)
    expect(arrived()).toHaveLength(1)
  })
})

it.each([
  ['throwLater', 'onuncaughtexception'],
  ['reject', 'onunhandledrejection'],
])('says that nobody caught it, at %s', async (way, type) => {
  await start(way).ended
  const { level, exception } = ingest.events[0]!
  expect(level).toBe('fatal')
  expect(exception.values.at(-1).mechanism).toMatchObject({ type, handled: false })
})

describe('with the server down', () => {
  it.each([
    ['exitLater', 3],
    ['throwLater', 1],
    ['reject', 1],
    ['end', 4],
    ['shutdown', 0],
  ])('the code is kept, at %s', async (way, code) => {
    await ingest.close()
    const child = start(way)
    expect(await child.ended).toEqual({ code, signal: null })
    expect(child.one('errors_not_sent')).toMatchObject({ count: 1, event_ids: [aId] })
    await ingest.open()
  })

  it('the code is kept, on SIGTERM', async () => {
    await ingest.close()
    const child = start('signalled')
    await child.says('ready')
    child.kill('SIGTERM')
    expect((await child.ended).code).toBe(0)
    expect(child.one('errors_not_sent')).toMatchObject({ count: 1, event_ids: [aId] })
    await ingest.open()
  })

  it('the log names the events that process.exit() left behind', async () => {
    await ingest.close()
    const child = start('exitLater')
    await child.ended
    expect(child.one('errors_not_sent')).toMatchObject({
      level: 'warning',
      count: 1,
      event_ids: [aId],
      reason: `${new URL(ingest.dsn).origin} can't be reached: ECONNREFUSED`,
    })
    await ingest.open()
  })
})

describe('with a server that stands still', () => {
  it('process.exit() is late by the deadline, and the loss is said', async () => {
    ingest.behave = silence
    const child = start('exitLater', { EXIT_FLUSH_MS: '200' })
    expect((await child.ended).code).toBe(3)
    expect(ingest.received.length).toBeGreaterThan(0)
    expect(child.one('errors_not_sent')['reason']).toContain('within 200 ms')
  })

  it('process.exit() waits until it answers, where that is in time', async () => {
    const answers: (() => void)[] = []
    ingest.behave = (response) => void answers.push(() => response.writeHead(200).end('{}'))
    const child = start('exitLater', { EXIT_FLUSH_MS: '60000' })
    await until('it is asked', () => answers.length > 0)
    expect(child.process.exitCode).toBeNull()
    for (const answer of answers) answer()
    expect((await child.ended).code).toBe(3)
    expect(child.names).not.toContain('errors_not_sent')
  })

  it('flushSentry() keeps the process until its time is over', async () => {
    ingest.behave = silence
    const child = start('flush', { EXIT_FLUSH_MS: '0' })
    expect((await child.ended).code).toBe(4)
    expect(child.names).toContain('flushed')
    expect(child.one('errors_not_sent')['event_ids']).toEqual([aId])
  })

  it('listeners for the exit share one deadline', async () => {
    ingest.behave = silence
    const child = start('exitListeners', { EXIT_FLUSH_MS: '300' })
    expect((await child.ended).code).toBe(3)
    // The first has used it up, and nothing is posted for the others.
    expect(ingest.received).toHaveLength(1)
    const lines = child.lines.filter(({ event }) => event === 'errors_not_sent')
    expect(lines.map(({ event_ids: ids }) => ids)).toEqual([[aId], [aId], [aId]])
  })

  it('SIGTERM ends all the same, and the loss is said', async () => {
    ingest.behave = silence
    const child = start('signalled')
    await child.says('ready')
    child.kill('SIGTERM')
    expect((await child.ended).code).toBe(0)
    expect(ingest.received.length).toBeGreaterThan(0)
    expect(child.one('errors_not_sent')).toMatchObject({ count: 1, event_ids: [aId] })
  })

  it.each([
    ['throwLater', 1, /^http:\S+ has not answered for \d\.\d s, and the shutdown could not wait longer$/],
    ['reject', 1, /^http:\S+ has not answered for \d\.\d s, and the shutdown could not wait longer$/],
    ['end', 4, /^http:\S+ does not answer/],
  ])('%s ends all the same', async (way, code, reason) => {
    ingest.behave = silence
    const child = start(way)
    expect((await child.ended).code).toBe(code)
    expect(child.one('errors_not_sent')['count']).toBe(1)
    expect(child.one('errors_not_sent')['reason']).toMatch(reason)
  })
})

it('leaves the end of a test that throws to its runner, which runs the others', async () => {
  const child = new Child('sentry-tested.mjs', [], { SENTRY_DSN: ingest.dsn })
  expect((await child.ended).code).toBe(1)
  expect(child.stdout).toMatch(/tests 3\n/)
  expect(child.stdout).toMatch(/pass 1\n/)
  expect(child.stdout).toMatch(/fail 2\n/)
  const failures = ingest.events.map(({ exception }) => exception.values[0].value)
  expect(new Set(failures)).toEqual(new Set(['beyond reach', 'out of sight']))
  expect(arrived()).toHaveLength(2)
})

it('with exitFlushMs 0 process.exit() is not late, and says what it left', async () => {
  const child = start('exitLater', { EXIT_FLUSH_MS: '0' })
  expect((await child.ended).code).toBe(3)
  expect(arrived()).toEqual([])
  expect(child.one('errors_not_sent')['reason']).toBe('sentry.exitFlushMs is 0')
})

it('without a failure an exit is an exit', async () => {
  const child = start('exitWithoutFailure')
  expect((await child.ended).code).toBe(3)
  expect(ingest.received).toEqual([])
  expect(child.stdout + child.stderr).toBe('')
})

it('without a project nothing leaves', async () => {
  const child = start('exitLater', { SENTRY_DSN: '' })
  expect((await child.ended).code).toBe(3)
  expect(ingest.received).toEqual([])
})

it('a project that cannot be read is said once, and not what it is', async () => {
  const child = start('exitLater', { SENTRY_DSN: 'https://S3cretKey@sentry.example/name' })
  expect((await child.ended).code).toBe(3)
  expect(child.stderr).toContain('SENTRY_DSN must be a DSN')
  expect(child.stderr).not.toContain('REDACTED')
  expect(child.stderr + child.stdout).not.toContain('S3cretKey')
})

describe('bundled into one file', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sentry-bundle-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it.each(['esm', 'cjs'] as const)('reports as well, in the turn of setup(): %s', async (format) => {
    const input = join(folder, 'app.mjs')
    const code = `
      import { getLogger, setup } from 'telltale'
      import 'telltale/sentry'
      setup({ service: 'bundled' })
      getLogger('app').exception('failed', new RangeError('beyond reach'))
      process.exit(3)`
    writeFileSync(input, code)
    const built = fileURLToPath(new URL('../../dist/esm', import.meta.url))
    const alias = { 'telltale/sentry': join(built, 'sentry/index.js'), telltale: join(built, 'index.js') }
    const bundle = await rolldown({ input, platform: 'node', logLevel: 'silent', resolve: { alias } })
    const file = join(folder, format === 'esm' ? 'bundle.mjs' : 'bundle.cjs')
    await bundle.write({ file, format, codeSplitting: false })
    await bundle.close()
    const env = { PATH: process.env['PATH'], NODE_ENV: 'test', SENTRY_DSN: ingest.dsn }
    const ended = await new Promise((resolve) => {
      execFile(process.execPath, [file], { env }, (error) => resolve(error?.code))
    })
    expect(ended).toBe(3)
    expect(values()).toEqual(['beyond reach'])
  })
})
