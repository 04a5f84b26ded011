import { closeSync, readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { SinkOption } from '../../src/index.js'
import { cleanUp, destinations, fifo, folder, parse, upTo, Writing } from './writing.js'

afterEach(cleanUp)

const levels = ['debug', 'info', 'warning', 'error', 'critical']

describe.each(destinations)('with standard output a %s', (to) => {
  test('each destination gets what it should, in its format', async () => {
    const file = join(folder(), 'log')
    const sinks: SinkOption[] = [
      { stream: 'stdout' },
      { file, level: 'warning', format: 'logfmt' },
      { stream: 'stderr', level: 'error', format: 'console' },
    ]
    const child = new Writing({ way: 'levels', setup: { log: { level: 'debug', sinks } } }, { to })
    expect((await child.ended).code).toBe(0)
    expect(child.lines.map(({ level }) => level)).toEqual(levels)
    const inFile = readFileSync(file, 'utf8').split('\n').slice(0, -1)
    expect(inFile.map((line) => /level=(\w+) .*event=line .*n=(\d)/.exec(line)!.slice(1))).toEqual([
      ['warning', '2'],
      ['error', '3'],
      ['critical', '4'],
    ])
    const drawn = child.stderr.split('\n').slice(0, -1)
    expect(drawn.map((line) => /^[\d:.]+ +(\w+) .* line .*n=(\d)/.exec(line)!.slice(1))).toEqual([
      ['error', '3'],
      [expect.stringMatching(/^crit/) as string, '4'],
    ])
  })
})

test('one destination that fails keeps nothing from the others', async () => {
  const file = join(folder(), 'log')
  const sinks: SinkOption[] = [{ file: '/dev/full' }, { stream: 'stdout' }, { file, format: 'logfmt' }]
  const child = new Writing({ way: 'levels', setup: { log: { level: 'debug', sinks } } })
  expect((await child.ended).code).toBe(0)
  expect(child.lines.map(({ level }) => level)).toEqual(levels)
  expect(readFileSync(file, 'utf8').match(/event=line/g)).toHaveLength(5)
  await child.says('5 log lines for /dev/full could not be written')
})

test('log.format holds for destinations that name none', async () => {
  const sinks: SinkOption[] = [{ stream: 'stdout' }, { stream: 'stderr', format: 'json' }]
  const child = new Writing({ way: 'levels', setup: { log: { sinks, format: 'logfmt' } } })
  expect((await child.ended).code).toBe(0)
  expect(child.text.match(/^timestamp=\S+ level=\w+ .*event=line/gm)).toHaveLength(4)
  expect(child.stderr.match(/^\{"timestamp":.*"event":"line".*\}$/gm)).toHaveLength(4)
})

test('long lines to standard output and standard error stay whole where both are one pipe', async () => {
  const pipe = fifo()
  const reader = new Socket({ fd: pipe.read, readable: true, writable: false })
  const chunks: Buffer[] = []
  reader.on('data', (chunk: Buffer) => chunks.push(chunk))
  const closed = new Promise((resolve) => reader.on('close', resolve))
  const sinks: SinkOption[] = [{ stream: 'stdout' }, { stream: 'stderr' }]
  const child = new Writing(
    { way: 'return', count: 200, size: 9000, setup: { log: { sinks, maxBlockMs: 0 } } },
    { to: pipe.write, stderr: pipe.write },
  )
  closeSync(pipe.write)
  expect((await child.ended).code).toBe(0)
  await closed
  const lines = parse(Buffer.concat(chunks).toString())
  expect(lines.map(({ n }) => n)).toEqual(upTo(200).flatMap((n) => [n, n]))
})
