import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'

const bin = fileURLToPath(new URL('../bin/telltale.js', import.meta.url))

function start(
  args: readonly string[],
  { env = {}, node = [] }: { env?: NodeJS.ProcessEnv; node?: string[] } = {},
) {
  const child = spawn(process.execPath, [...node, bin, 'pretty', ...args], {
    stdio: 'pipe',
    env: { PATH: process.env.PATH, ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  child.stdin.on('error', () => undefined)
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text))
  return {
    child,
    ended: once(child, 'close').then(([code]) => code as number | null),
    out: () => out,
    err: () => err,
    says: (text: string) => vi.waitFor(() => expect(out).toContain(text), 20_000),
  }
}

const line = (event: string) => `${JSON.stringify({ level: 30, time: 1769861047512, msg: event })}\n`

test('draws a pipe as it comes, without colours', async () => {
  const { child, ended, out, err, says } = start([])
  child.stdin.write(line('first'))
  await says('first')
  child.stdin.end(line('second').trimEnd())
  expect(await ended).toBe(0)
  expect(out()).toMatch(/first\n.*second\n$/)
  expect(out()).not.toContain('\x1b')
  expect(err()).toBe('')
})

test('FORCE_COLOR colours a pipe, NO_COLOR and --color=never do not', async () => {
  for (const [args, env, isColoured] of [
    [[], { FORCE_COLOR: '1' }, true],
    [[], { NO_COLOR: '1' }, false],
    [['--color=always'], { NO_COLOR: '1' }, true],
    [['--color=never'], { FORCE_COLOR: '1' }, false],
  ] as const) {
    const { child, ended, out } = start(args, { env })
    child.stdin.end(line('x'))
    await ended
    expect(out().includes('\x1b[')).toBe(isColoured)
  }
})

test('a reader that has seen enough ends it quietly', async () => {
  const { child, ended, err, says } = start([])
  child.stdin.write(line('first'))
  await says('first')
  child.stdout.destroy()
  const feed = setInterval(() => child.stdin.write(line('more')), 5)
  expect(await ended).toBe(0)
  clearInterval(feed)
  expect(err()).toBe('')
})

test('a reader that stalls loses nothing', async () => {
  const { child, ended } = start([])
  let newlines = 0
  child.stdout
    .removeAllListeners('data')
    .on('data', (text: string) => (newlines += text.split('\n').length - 1))
  child.stdout.pause()
  child.stdin.end(line('x'.repeat(100)).repeat(20_000))
  // Every buffer between is full.
  await vi.waitFor(() => expect(child.stdout.readableLength).toBeGreaterThan(0), 20_000)
  child.stdout.resume()
  expect(await ended).toBe(0)
  expect(newlines).toBe(20_000)
})

test('a line of 50 MB takes no more memory than it may', async () => {
  const { child, ended, out } = start([], { node: ['--max-old-space-size=48'] })
  child.stdin.write('{"level":"info","message":"large","body":"')
  const piece = 'x'.repeat(500_000)
  for (let count = 0; count < 100; count++) if (!child.stdin.write(piece)) await once(child.stdin, 'drain')
  child.stdin.end(`"}\n${line('next')}`)
  expect(await ended).toBe(0)
  expect(out()).toMatch(/large +line_cut="…\(\+\d+ bytes\)"\n.*next\n$/)
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends following at once', async (signal) => {
  const path = newFile()
  writeFileSync(path, line('first'))
  const { child, ended, err, says } = start(['--follow', path])
  await says('first')
  appendFileSync(path, line('second'))
  await says('second')
  child.kill(signal)
  expect(await ended).toBe(signal === 'SIGINT' ? 130 : null)
  expect(err()).toBe('')
})

test('Ctrl-C lets a service have its last words', async () => {
  const { child, ended, err, says } = start([])
  child.stdin.write(line('first'))
  await says('first')
  child.kill('SIGINT')
  child.stdin.write(line('draining'))
  await says('draining')
  child.stdin.end(line('stopped'))
  await says('stopped')
  expect(await ended).toBe(130)
  expect(err()).toBe('')
})

test('silence after Ctrl-C ends it', async () => {
  const { child, ended, says } = start([])
  child.stdin.write(line('first'))
  await says('first')
  child.kill('SIGINT')
  expect(await ended).toBe(130)
})

test('a second Ctrl-C ends it while a service goes on talking', async () => {
  const { child, ended, says } = start([])
  child.stdin.write(line('first'))
  await says('first')
  const talk = setInterval(() => child.stdin.write(line('more')), 5)
  const press = setInterval(() => child.kill('SIGINT'), 100)
  expect(await ended).toBe(130)
  clearInterval(talk)
  clearInterval(press)
})

test('two files are followed at once, one of them not there yet', async () => {
  const [a, b] = [newFile(), newFile()]
  writeFileSync(a, line('from_a'))
  const { err, says } = start(['--follow', a, '--follow', b])
  await says('from_a')
  await vi.waitFor(() => expect(err()).toContain(`waiting for ${b} to appear`), 20_000)
  writeFileSync(b, line('from_b'))
  await says('from_b')
})

test('a wrong option is one error, and exit code 2', async () => {
  const { ended, err } = start(['--lvel=warn'])
  expect(await ended).toBe(2)
  expect(err()).toContain('Did you mean --level?')
})

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-process-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'app.log')
}
