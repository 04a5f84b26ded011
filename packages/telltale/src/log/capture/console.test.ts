/* eslint-disable no-console -- it is what is tested */
import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Capture } from '../../../test/support/capture.js'
import { hostile } from '../../../test/support/hostile.js'
import { getLogger, withContext } from '../../index.js'
import { captureConsole } from './console.js'
import { captureWarnings } from './warnings.js'
import { unheard } from './unheard.js'

let out: Capture
let printed: string
let stop: () => void
const before = globalThis.console

beforeEach(() => {
  printed = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      printed += String(chunk)
      done()
    },
  })
  globalThis.console = new Console(stream, stream)
  out = new Capture({ log: { level: 'debug' } })
  stop = captureConsole()
})
afterEach(async () => {
  stop()
  await out.telltale.shutdown()
  globalThis.console = before
})

const failure = new TypeError('no good')

describe('captureConsole', () => {
  it('leaves what Node prints of a warning alone where warnings are events already', () => {
    const text = `(node:${process.pid}) [OLD1] OldWayWarning: Old way of doing it`
    const stopWarnings = captureWarnings()
    console.error(text)
    expect(out.lines).toEqual([])
    expect(printed).toBe(`${text}\n`)
    stopWarnings()
    console.error(text)
    expect(out.one('console')).toMatchObject({ message: text })
  })

  it.each([
    ['log', 'info'],
    ['info', 'info'],
    ['debug', 'debug'],
    ['warn', 'warning'],
    ['error', 'error'],
    ['dirxml', 'info'],
    ['group', 'info'],
    ['groupCollapsed', 'info'],
  ] as const)('makes console.%s an event of level %s', (name, level) => {
    console[name]('It took %d ms', 5, 'in all')
    expect(out.lines).toEqual([
      expect.objectContaining({ logger: 'console', event: 'console', level, message: 'It took 5 ms in all' }),
    ])
    expect(printed).toBe('')
  })

  it('formats as util.format does', () => {
    console.log({ a: 1 }, [1, 'b'], null, 5n)
    console.dir({ a: { b: 1 } }, { depth: 0 })
    console.table([{ a: 1 }])
    console.log('%s is %i%%', 'it', 5.5)
    expect(out.lines.map(({ message }) => message)).toEqual([
      "{ a: 1 } [ 1, 'b' ] null 5n",
      '{ a: { b: 1 } }',
      '[ { a: 1 } ]',
      'it is 5%',
    ])
  })

  it('leaves nothing to print of counts, timers and groups', () => {
    console.count('tries')
    console.time('all')
    console.timeLog('all', 'half')
    console.timeEnd('all')
    console.group('Inner')
    console.log('in it')
    console.groupEnd()
    console.log('after it')
    expect(out.lines.map(({ message }) => String(message).replace(/[\d.]+m?s/, '…'))).toEqual([
      'tries: 1',
      'all: … half',
      'all: …',
      'Inner',
      'in it',
      'after it',
    ])
    expect(printed).toBe('')
  })

  it('says what console.assert found wrong, and nothing where it holds', () => {
    console.assert(true, 'unseen')
    console.assert(false)
    console.assert(0, 'Not %s', 'so')
    console.assert(undefined, { a: 1 } as unknown as string)
    expect(out.lines.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'Assertion failed'],
      ['error', 'Assertion failed: Not so'],
      ['error', 'Assertion failed: { a: 1 }'],
    ])
  })

  it('says where console.trace was called', () => {
    console.trace()
    console.trace('Here')
    expect(out.lines.map(({ message }) => message)).toEqual(['Trace', 'Here'])
    expect(String(out.lines[0]!['stack']).split('\n')[0]).toMatch(/^\s+at .*console\.test\.ts/)
  })

  it('writes an error given as error', () => {
    console.error(failure)
    console.error('It failed:', failure, 'again')
    console.error('It failed: %s', failure)
    expect(out.lines).toEqual([
      expect.objectContaining({ message: 'no good', error: expect.objectContaining({ type: 'TypeError' }) }),
      expect.objectContaining({ message: 'It failed: again', error: expect.anything() }),
      expect.not.objectContaining({ error: expect.anything() }),
    ])
    expect(out.lines[2]).toMatchObject({ message: 'It failed: TypeError: no good' })
  })

  it('redacts values before it formats them', () => {
    const values = { user: 'ada', password: 'S3cret', deep: { tokens: [{ apiKey: ['S3cret'] }] } }
    console.log(values)
    console.log('x', values)
    console.log('%o %O %j %s', values, values, values, values)
    console.dir(values)
    console.table([values])
    console.error(Object.assign(new Error('refused'), { config: { password: 'S3cret' } }))
    console.assert(false, values as unknown as string)
    console.log(new Map([['password', 'S3cret']]))
    console.log('%s', { toString: () => 'password=S3cret' })
    expect(out.lines).toHaveLength(9)
    expect(out.text).not.toContain('S3cret')
    expect(out.text).toContain('ada')
    expect(values.password).toBe('S3cret')
  })

  it('has the context of the call', () => {
    withContext({ tenant_id: 't1' }, () => console.log('in it'))
    expect(out.lines[0]).toMatchObject({ tenant_id: 't1', message: 'in it' })
  })

  it.each(Object.entries(hostile))('survives %s', (_name, value) => {
    expect(() => {
      console.log(value())
      console.log('%s %d %o', value(), value(), value())
      console.error('x', value(), value())
      console.assert(false, value() as string)
      console.table(value())
      console.dir(value())
    }).not.toThrow()
    expect(() => out.lines).not.toThrow()
  })

  it('says nothing of a call without arguments', () => {
    console.log()
    expect(out.lines).toEqual([])
  })

  it('gives the console back', () => {
    const { log } = console
    stop()
    console.log('printed')
    log('printed through a reference kept')
    expect(printed).toBe('printed\nprinted through a reference kept\n')
    expect(out.lines).toEqual([])
  })

  it('gives it back in any order', () => {
    const stopSecond = captureConsole()
    stop()
    console.log('captured')
    stopSecond()
    console.log('printed')
    expect(out.lines.map(({ message }) => message)).toEqual(['captured'])
    expect(printed).toBe('printed\n')
  })

  it('puts nothing over a console that was replaced since', () => {
    const own = vi.fn<() => void>()
    console.log = own
    stop()
    console.log('theirs')
    expect(own).toHaveBeenCalledWith('theirs')
  })
})

it('formats nothing where the level is off', async () => {
  await out.telltale.shutdown()
  out = new Capture({ log: { level: 'info,console=warning' } })
  const read = vi.fn<() => string>(() => 'x')
  console.log('%s', Object.defineProperty({}, 'a', { get: read, enumerable: true }))
  expect(read).not.toHaveBeenCalled()
  expect([out.text, printed]).toEqual(['', ''])
})

describe('console calls of the log itself', () => {
  it('are printed when a sink makes them, now or later', async () => {
    await out.telltale.shutdown()
    let later: Promise<void> | undefined
    const write = (text: string): void => {
      console.log('sink got a line')
      later = new Promise((resolve) => setImmediate(() => resolve(console.log('later'))))
      out.text += text
    }
    out = new Capture({ log: { sinks: [{ write }] } })
    console.log('once')
    await later
    expect(out.lines.map(({ message }) => message)).toEqual(['once'])
    expect(printed).toBe('sink got a line\nlater\n')
  })

  it('are printed when a value being formatted makes them', () => {
    console.log({
      get a() {
        console.log('got')
        return 1
      },
    })
    expect(printed).toBe('got\n')
    expect(out.lines).toHaveLength(1)
  })

  it('are printed in what is run unheard', () => {
    unheard(() => console.log('printed'))
    getLogger('app').info('written')
    expect(printed).toBe('printed\n')
    expect(out.lines.map(({ event }) => event)).toEqual(['written'])
  })
})
