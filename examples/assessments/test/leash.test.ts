import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'

const LEASH = new URL('../dist/start/leash.js', import.meta.url).href

test.each(['before it is loaded', 'later'])('a child ends when its parent goes %s', async (when) => {
  const script = `process.stdout.write('up'); setInterval(() => {}, 1_000)`
  const child = spawn(process.execPath, ['--import', LEASH, '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  try {
    if (when === 'later') await once(child.stdout ?? child, 'data')
    child.disconnect()
    expect(await exited).toEqual([null, 'SIGTERM'])
  } finally {
    child.kill('SIGKILL')
  }
})
