import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const folder = fileURLToPath(new URL('../fixtures/runners', import.meta.url))
const jest = fileURLToPath(new URL('../../../../node_modules/jest/bin/jest.js', import.meta.url))
const config = { rootDir: folder, testMatch: ['**/jest.test.cjs'], transform: {} }

const runners = {
  'node --test': ['--test', `${folder}/node.test.mjs`],
  jest: [jest, '--ci', '--config', JSON.stringify(config)],
}

interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** Names of the events that reached the runner's output. */
  readonly printed: string[]
}

function run(runner: keyof typeof runners, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const {
    LOG_LEVEL: _level,
    LOG_FORMAT: _format,
    NODE_ENV: _env,
    NODE_OPTIONS: _options,
    ...own
  } = process.env
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      runners[runner],
      { env: { ...own, ...env }, cwd: folder },
      (error, stdout, stderr) => {
        const printed = [...stdout.matchAll(/"event":"(\w+)"/g)].map(([, name]) => name!)
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr, printed })
      },
    )
  })
}

describe.each(Object.keys(runners) as (keyof typeof runners)[])('%s', (runner) => {
  test('captures, judges, and prints no line, with setup() or without', async () => {
    for (const env of [{}, { SETUP: '{}' }, { SETUP: '{"log":{"level":"debug"}}' }]) {
      const { code, stdout, stderr, printed } = await run(runner, env)
      expect(stdout + stderr).not.toContain('payment_')
      expect({ code, printed }).toEqual({ code: 0, printed: [] })
    }
  })

  test('prints what is not captured where LOG_LEVEL, or a format, asks for it', async () => {
    const { printed, code } = await run(runner, { LOG_LEVEL: 'info' })
    expect(printed).toContain('payments_loaded')
    expect(printed.filter((name) => name.startsWith('payment_'))).toEqual(['payment_failed'])
    const formatted = await run(runner, { SETUP: '{"log":{"format":"json"}}' })
    expect(formatted.printed.filter((name) => name.startsWith('payment_'))).toEqual(['payment_failed'])
    expect([code, formatted.code]).toEqual([0, 0])
  })

  test('shows what was logged instead where a test fails', async () => {
    const { code, stdout, stderr } = await run(runner, { FAIL: '1' })
    expect(code).toBe(1)
    expect(stdout + stderr).toContain('Expected to have been logged: payment_completed with { amount: 6 }')
    expect(stdout + stderr).toContain('amount: expected 6, logged 5')
  })
})
