import { closeSync } from 'node:fs'
import { Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { cleanUp, fifo, parse, upTo, Writing } from './writing.js'

afterEach(cleanUp)

const processes = 8

/** What comes out of a pipe into which eight processes log at once. */
async function together(count: number, size: number): Promise<string> {
  const pipe = fifo()
  const reader = new Socket({ fd: pipe.read, readable: true, writable: false })
  const chunks: Buffer[] = []
  reader.on('data', (chunk: Buffer) => chunks.push(chunk))
  const closed = new Promise((resolve) => reader.on('close', resolve))
  const children = upTo(processes).map(
    (from) => new Writing({ way: 'together', from, count, size }, { to: pipe.write }),
  )
  closeSync(pipe.write)
  for (const child of children) await child.says('there')
  for (const child of children) child.send('.')
  for (const child of children) expect((await child.ended).code).toBe(0)
  await closed
  return Buffer.concat(chunks).toString()
}

test.each([
  ['short', 40],
  ['of 4,096 bytes', 4096],
])('lines %s from eight processes on one pipe stay whole and in the order of each', async (_which, to) => {
  const size = to === 4096 ? 4096 - (await overhead()) : to
  const text = await together(1000, size)
  if (to === 4096)
    for (const line of text.split('\n').slice(0, -1))
      expect(Buffer.byteLength(line) + 1).toBeLessThanOrEqual(4096)
  const lines = parse(text)
  for (const from of upTo(processes))
    expect(lines.filter((line) => line['from'] === from).map(({ n }) => n)).toEqual(upTo(1000))
})

/** Bytes of a line beside its filling, at most. */
async function overhead(): Promise<number> {
  const child = new Writing({ way: 'together', from: 7, count: 1, size: 0 }, { to: 'fifo' })
  await child.says('there')
  child.send('.')
  await child.ended
  // The number grows to three digits.
  return Buffer.byteLength(child.text) + 2
}

describe('children of a process that share its socket', () => {
  test.each([
    ['short', 40],
    ['of nearly 4 KiB', 3700],
  ])('lines %s of eight of them stay whole', async (_which, size) => {
    const parent = new Writing(
      { size, count: 1000, way: 'together' },
      { to: 'socket', fixture: 'writer-parent.mjs' },
    )
    expect((await parent.ended).code).toBe(0)
    const lines = parse(parent.text)
    for (const from of upTo(processes))
      expect(lines.filter((line) => line['from'] === from).map(({ n }) => n)).toEqual(upTo(1000))
  })
})
