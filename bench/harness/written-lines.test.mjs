import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writtenLines } from './written-lines.mjs'

let folder
let file
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'telltale-bench-'))
  file = join(folder, 'lines')
  writeFileSync(file, '')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('waits for lines that are still to be written, and for the end of a line', async () => {
  const lines = writtenLines(file, 2, (line) => line.n > 0)
  appendFileSync(file, '{"n":1}\n{"n":0}\n{"n"')
  setImmediate(() => appendFileSync(file, ':2}\n'))
  expect(await lines).toEqual([{ n: 1 }, { n: 2 }])
})

test('more lines than asked for are all given', async () => {
  writeFileSync(file, '{"n":1}\n{"n":2}\n')
  expect(await writtenLines(file, 1, () => true)).toEqual([{ n: 1 }, { n: 2 }])
})

test('a line that is no JSON is an error', async () => {
  writeFileSync(file, 'Server listening\n')
  await expect(writtenLines(file, 1, () => true)).rejects.toThrow('JSON')
})
