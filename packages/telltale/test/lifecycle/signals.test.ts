import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { Child, endChildren } from '../support/child.js'
import { until } from '../support/until.js'

afterEach(endChildren)

async function there(way: string): Promise<Child> {
  const child = new Child('signals.mjs', [way])
  await child.says('there')
  return child
}

describe('during the start', () => {
  test('before setup() the signal is not ours, and hooks are not called', async () => {
    const child = await there('before_setup')
    child.kill('SIGTERM')
    expect(await child.ended).toEqual({ code: null, signal: 'SIGTERM' })
    expect(child.names).toEqual(['there'])
  })

  test('before anything listens it ends the process with 0, and hooks are called', async () => {
    const child = await there('starting')
    child.kill('SIGTERM')
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(child.names).toEqual(['there', 'shutdown_started', 'early_closed', 'shutdown_completed'])
  })

  test('what the start still opens and registers meanwhile is closed and told', async () => {
    const child = await there('listening_late')
    child.kill('SIGTERM')
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(child.names).toContain('late_told')
    expect(child.names.indexOf('late_closed')).toBeGreaterThan(child.names.indexOf('late_told'))
  })
})

describe('the end', () => {
  test("has the app's exit code", async () => {
    const child = await there('exit_code')
    child.kill('SIGTERM')
    expect(await child.ended).toEqual({ code: 3, signal: null })
  })

  test('is left to a listener of the app that listens once, and came first', async () => {
    const child = await there('own_once')
    child.kill('SIGTERM')
    expect(await child.ended).toEqual({ code: 7, signal: null })
    expect(child.names.slice(-2)).toEqual(['shutdown_completed', 'own_end'])
  })

  test('is ours beside a listener of a library that leaves it to others', async () => {
    const child = await there('bystander')
    child.kill('SIGTERM')
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(child.names.at(-1)).toBe('shutdown_completed')
  })

  test('comes with a signal during shutdown(), which is the same drain', async () => {
    const child = await there('shutting_down')
    child.kill('SIGTERM')
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(child.one('shutdown_started')['reason']).toBe('shutdown()')
    expect(child.names.filter((event) => event === 'shutdown_completed')).toHaveLength(1)
  })
})

describe('a second signal', () => {
  test('of another kind ends the process by its own default action', async () => {
    const child = await there('slow')
    child.kill('SIGINT')
    await child.says('shutdown_started')
    child.kill('SIGTERM')
    expect(await child.ended).toEqual({ code: null, signal: 'SIGTERM' })
  })

  test("where the app listens is the app's, which is told once a signal", async () => {
    const child = await there('own_twice')
    child.kill('SIGTERM')
    await child.says('shutdown_started')
    child.kill('SIGTERM')
    const told = (): unknown[] => child.lines.filter(({ event }) => event === 'own_told')
    await until('both are told', () => told().length === 2)
    child.kill('SIGTERM')
    await until('the third is told', () => told().length === 3)
    child.kill('SIGKILL')
    await child.ended
    expect(told()).toHaveLength(3)
  })
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s for a process group with npm start, which passes it on, drains once',
  async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), 'npm-start-'))
    const fixture = fileURLToPath(new URL('../fixtures/signals.mjs', import.meta.url))
    const start = `exec "${process.execPath}" "${fixture}" slow`
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'a', private: true, scripts: { start } }),
    )
    // A group of its own, as a terminal makes one.
    const env = { ...process.env, npm_config_update_notifier: 'false' }
    const npm = spawn('npm', ['start', '--silent'], { cwd: folder, detached: true, stdio: 'pipe', env })
    let text = ''
    npm.stdout.on('data', (chunk) => (text += String(chunk)))
    const ended = new Promise((resolve) => npm.on('close', (code, by) => resolve({ code, by })))
    try {
      await until('it is there', () => text.includes('"there"'))
      process.kill(-npm.pid!, signal)
      expect(await ended).toEqual({ code: 0, by: null })
      expect(text.match(/"event":"shutdown_(started|completed)"/g)).toHaveLength(2)
    } finally {
      npm.kill('SIGKILL')
      rmSync(folder, { recursive: true })
    }
  },
)
