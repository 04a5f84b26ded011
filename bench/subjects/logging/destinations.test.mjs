import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, fstatSync } from 'node:fs'
import { expect, test } from 'vitest'
import { destinations } from './destinations.mjs'
import { name } from './event.mjs'

async function written(destination) {
  let counted
  let path
  await destinations[destination](async ({ fd, file, lines, started }) => {
    path = file
    const isPipe = fd !== 'ignore' && fstatSync(fd).isFIFO()
    const script = `echo a logger speaks of itself; yes ${name} | head -n 5000`
    const child = spawn('sh', ['-c', script], { stdio: ['ignore', fd, 'ignore'] })
    started()
    await once(child, 'exit')
    counted = { lines: await lines(), isPipe }
  })
  return { ...counted, isLeft: path !== undefined && existsSync(path) }
}

test("a pipe is one, is read to its end, and counts the benchmark's lines alone", async () => {
  expect(await written('pipe')).toEqual({ lines: 5000, isPipe: true, isLeft: false })
})

test('a file is counted and leaves nothing behind', async () => {
  expect(await written('file')).toEqual({ lines: 5000, isPipe: false, isLeft: false })
})

test('/dev/null counts nothing', async () => {
  expect((await written('null')).lines).toBeUndefined()
})
