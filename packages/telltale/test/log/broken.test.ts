import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { until } from '../support/until.js'
import { cleanUp, folder, numbers, parse, upTo, Writing } from './writing.js'

afterEach(cleanUp)

const there = (file: string): number[] => (existsSync(file) ? numbers(parse(readFileSync(file, 'utf8'))) : [])

describe('standard output that fails', () => {
  test('/dev/full: nothing is thrown, once it is said, and at the end how many were lost', async () => {
    const full = openSync('/dev/full', 'w')
    const child = new Writing({ way: 'later_exit' }, { to: full })
    closeSync(full)
    expect((await child.ended).code).toBe(3)
    await child.says('1000 log lines for standard output could not be written at the end of the process')
    expect(child.stderr.match(/can't be written to standard output \(ENOSPC\)/g)).toHaveLength(1)
  })

  test('closed before the start: the process does not care', async () => {
    const child = new Writing({ way: 'later_exit' }, { to: 'closed' })
    expect((await child.ended).code).toBe(3)
    expect(child.stderr).toBe('')
  })

  test.each(['fifo', 'socket'] as const)('a reader of a %s that goes midway', async (to) => {
    const child = new Writing({ way: 'told', count: 100 }, { to })
    child.send('.')
    await until('the first lines', () => child.numbers.length === 100)
    child.hangUp()
    for (const raised of [200, 300]) {
      child.send('.')
      await child.says(`raised ${raised}`)
    }
    child.process.stdin!.end()
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(child.stderr.match(/can't be written to standard output/g)).toHaveLength(1)
    expect(child.stderr).toContain('EPIPE')
  })
})

describe('a file', () => {
  const logging = (file: string, way = 'told'): Writing =>
    new Writing({ way, count: 10, setup: { log: { sinks: [{ file }] } } })

  /** Ten lines more; resolves when they are raised and their turn has ended. */
  async function more(child: Writing, raised: number): Promise<void> {
    child.send('.')
    await child.says(`raised ${raised}\n`)
  }

  async function end(child: Writing): Promise<void> {
    child.process.stdin!.end()
    expect(await child.ended).toEqual({ code: 0, signal: null })
  }

  test('in a folder that is missing is made, and appended to the next time', async () => {
    const file = join(folder(), 'some', 'where', 'log')
    for (let run = 1; run <= 2; run++) {
      const child = logging(file, 'exit')
      expect((await child.ended).code).toBe(3)
      expect(there(file)).toHaveLength(run * 10)
    }
  })

  test('that can not be opened is one clear error of setup()', async () => {
    const file = join(folder(), 'log')
    writeFileSync(file, '')
    const child = logging(join(file, 'below'))
    expect((await child.ended).code).toBe(1)
    expect(
      child.stderr.match(/TypeError: setup\(\): log\.sinks: the file ".*below" can't be opened/g),
    ).toHaveLength(1)
  })

  test('that was moved: a new one is made, no line is lost or cut', async () => {
    const file = join(folder(), 'log')
    const child = logging(file)
    await more(child, 10)
    renameSync(file, `${file}.1`)
    let raised = 10
    while (there(file).length === 0) await more(child, (raised += 10))
    await end(child)
    expect([...there(`${file}.1`), ...there(file)]).toEqual(upTo(raised))
  })

  test('that was removed: a new one is made', async () => {
    const file = join(folder(), 'logs', 'log')
    const child = logging(file)
    await more(child, 10)
    rmSync(join(file, '..'), { recursive: true })
    let raised = 10
    while (there(file).length === 0) await more(child, (raised += 10))
    await end(child)
    expect(there(file).at(-1)).toBe(raised - 1)
  })

  test('as logrotate moves it: SIGHUP opens the new one, no line is lost or cut', async () => {
    const file = join(folder(), 'log')
    const child = logging(file)
    for (let n = 1; n <= 3; n++) {
      await more(child, n * 20 - 10)
      renameSync(file, `${file}.${n}`)
      writeFileSync(file, '')
      chmodSync(file, 0o600)
      await more(child, n * 20)
      child.kill('SIGHUP')
      await until('the new file is open', () => child.openFiles.includes(file))
    }
    await end(child)
    const all = [1, 2, 3].flatMap((n) => there(`${file}.${n}`))
    expect([...all, ...there(file)]).toEqual(upTo(60))
  })

  test('as logrotate copies and truncates it: it goes on at the beginning, with whole lines', async () => {
    const file = join(folder(), 'log')
    const child = logging(file)
    await more(child, 10)
    truncateSync(file, 0)
    await more(child, 20)
    await end(child)
    expect(there(file)).toEqual(upTo(20).slice(10))
  })

  test('on a full disk: lines are kept, and are in the file that SIGHUP opens', async () => {
    const place = folder()
    const file = join(place, 'log')
    symlinkSync('/dev/full', file)
    const child = logging(file)
    await more(child, 10)
    await more(child, 20)
    expect(child.stderr).toContain('(ENOSPC)')
    rmSync(file)
    child.kill('SIGHUP')
    await until('the lines are written', () => there(file).length === 20)
    await more(child, 30)
    await end(child)
    expect(there(file)).toEqual(upTo(30))
  })

  test('that can not be opened anew is written on, and it is said', async () => {
    const place = join(folder(), 'logs')
    const file = join(place, 'log')
    const child = logging(file)
    await more(child, 10)
    renameSync(place, `${place}.old`)
    writeFileSync(place, 'in the way')
    child.kill('SIGHUP')
    await child.says("can't be opened anew")
    await more(child, 20)
    await end(child)
    expect(there(join(`${place}.old`, 'log'))).toEqual(upTo(20))
  })

  test('named by two destinations is written by one writer', async () => {
    const place = folder()
    const file = join(place, 'log')
    mkdirSync(join(place, 'x'))
    const sinks = [{ file }, { file: join(place, 'x', '..', 'log'), level: 'error' as const }]
    const child = new Writing({ way: 'levels', setup: { log: { level: 'debug', sinks } } })
    expect((await child.ended).code).toBe(0)
    expect(there(file)).toEqual([0, 1, 2, 3, 3, 4, 4])
    expect(child.text).toBe('')
  })
})
