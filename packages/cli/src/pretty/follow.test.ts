import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { follow } from './follow.js'
import { createLineSplitter } from './lines.js'

function start(path: string, lines = Infinity) {
  const abort = new AbortController()
  const splitter = createLineSplitter()
  const found: string[] = []
  const notes: string[] = []
  const done = follow(path, {
    lines,
    signal: abort.signal,
    chunk: async (bytes) => void found.push(...splitter.push(bytes).map(({ text }) => text)),
    async end() {
      const last = splitter.end()
      if (last !== undefined) found.push(last.text)
    },
    note: (text) => void notes.push(text),
  })
  onTestFinished(async () => {
    abort.abort()
    await done.catch(() => undefined)
  })
  return {
    found,
    notes,
    done,
    shows: (...lines: string[]) => vi.waitFor(() => expect(found).toEqual(lines), 10_000),
  }
}

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-follow-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'app.log')
}

test('what is there, and what is added, a line when it is whole', async () => {
  const path = newFile()
  writeFileSync(path, 'a\nb\n')
  const { found, shows } = start(path)
  await shows('a', 'b')
  const bytes = Buffer.from('größe\n')
  appendFileSync(path, bytes.subarray(0, 3))
  appendFileSync(path, bytes.subarray(3, 5))
  expect(found).toEqual(['a', 'b'])
  appendFileSync(path, bytes.subarray(5))
  await shows('a', 'b', 'größe')
})

test('waits for a file to appear, says so once, and shows it from its beginning', async () => {
  const path = newFile()
  const { notes, shows } = start(path, 0)
  await vi.waitFor(() => expect(notes).toEqual([`waiting for ${path} to appear`]), 10_000)
  writeFileSync(path, 'a\n')
  await shows('a')
  expect(notes.length).toBe(1)
})

test('a renamed file is read to its end, then the one that took its name', async () => {
  const path = newFile()
  writeFileSync(path, 'a\n')
  const { shows } = start(path)
  await shows('a')
  renameSync(path, `${path}.1`)
  appendFileSync(`${path}.1`, 'b\nunfinished')
  await shows('a', 'b')
  writeFileSync(path, 'c\n')
  await shows('a', 'b', 'unfinished', 'c')
  appendFileSync(path, 'd\n')
  await shows('a', 'b', 'unfinished', 'c', 'd')
})

test('a truncated file is read anew, also one copied away and already longer again', async () => {
  const path = newFile()
  writeFileSync(path, 'first line\n')
  const { shows } = start(path)
  await shows('first line')
  writeFileSync(path, 'b\n')
  await shows('first line', 'b')
  copyFileSync(path, `${path}.1`)
  truncateSync(path)
  writeFileSync(path, 'much longer than before\nc\n')
  await shows('first line', 'b', 'much longer than before', 'c')
})

test.each([
  [0, []],
  [1, ['c']],
  [2, ['b', 'c']],
  [3, ['a', 'b', 'c']],
  [9, ['a', 'b', 'c']],
])('begins with the last %i lines', async (lines, wanted) => {
  const path = newFile()
  writeFileSync(path, 'a\nb\nc\n')
  const { found, shows } = start(path, lines)
  if (wanted.length > 0) await shows(...wanted)
  await vi.waitFor(() => {
    appendFileSync(path, 'new\n')
    expect(found).toContain('new')
  }, 10_000)
  expect(found.filter((line) => line !== 'new')).toEqual(wanted)
})

test('a folder is refused', async () => {
  await expect(start(tmpdir()).done).rejects.toThrow(/is no regular file/)
})
