import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const attend = new URL('attend.mjs', import.meta.url).href
// Counts signals, and ends with code 3 a moment after the first.
const program = `
  let count = 0
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {
    console.log('got', signal, ++count)
    setTimeout(() => process.exit(3), 50)
  })
  setInterval(() => {}, 1000)
  console.log('ready', process.pid)
`

test.each(['SIGINT', 'SIGTERM'])(
  'passes %s on, waits for the end, and takes over the exit code',
  async (signal) => {
    const parent = start()
    await parent.says('ready')
    parent.child.kill(signal)
    expect(await parent.ended).toBe(3)
    expect(parent.text()).toContain(`got ${signal} 1\n`)
  },
)

test('a Ctrl-C that also comes through npm reaches the program once', async () => {
  const parent = start()
  await parent.says('ready')
  // To the group, as a terminal does, and once more to the process, as npm does.
  process.kill(-parent.child.pid, 'SIGINT')
  parent.child.kill('SIGINT')
  expect(await parent.ended).toBe(3)
  expect(parent.text()).toContain('got SIGINT 1\n')
  expect(parent.text()).not.toContain('got SIGINT 2')
})

test('a program ended by a signal gives 128 and its number', async () => {
  const parent = start()
  await parent.says('ready')
  process.kill(Number(/ready (\d+)/.exec(parent.text())[1]), 'SIGKILL')
  expect(await parent.ended).toBe(137)
})

function start() {
  const code = `import(${JSON.stringify(attend)}).then(({ attend }) => attend(['-e', ${JSON.stringify(program)}]))`
  const child = spawn(process.execPath, ['-e', code], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (said += text))
  return {
    child,
    text: () => said,
    ended: once(child, 'close').then(([code]) => code),
    async says(word) {
      while (!said.includes(word)) await once(child.stdout, 'data')
    },
  }
}
