import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Capture } from '../../test/support/capture.js'
import { getLogger, type SetupOptions } from '../index.js'
import { droppedCounts } from '../self/dropped.js'
import { deliver, flushAtExit } from './deliver.js'
import { error, info } from './levels.js'
import { addTap, pipeline } from './pipeline.js'
import type { Sink } from './sinks/sink.js'

const log = getLogger('app')
let out: Capture | undefined
const stops: (() => void)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0)) stop()
  await out?.telltale.shutdown()
  out = undefined
})

function start(...sinks: NonNullable<NonNullable<SetupOptions['log']>['sinks']>): void {
  out = new Capture({ log: { level: 'debug', sinks } })
}

function lost(reason: string): number {
  for (const each of droppedCounts()) if (each.signal === 'log' && each.reason === reason) return each.count
  return 0
}

/** A destination that remembers what it was told, in order. */
function remembering(): Sink & { calls: string[] } {
  const calls: string[] = []
  return {
    calls,
    write: (text, level) => void calls.push(`${level} ${(/"event":"(\w+)"/.exec(text) ?? [])[1] ?? text}`),
    flush: () => void calls.push('flush'),
    flushAndWait: () => void calls.push('flush and wait'),
  }
}

describe('destinations', () => {
  it('get the lines from their level on, and are flushed by error and critical before the call returns', () => {
    const [all, errors, none] = [remembering(), remembering(), remembering()]
    start(all, { ...errors, level: 'error' }, { ...none, level: 'fatal' })
    log.debug('a')
    log.warning('b')
    log.error('c')
    expect(all.calls).toEqual(['debug a', 'warning b', 'error c', 'flush'])
    expect(errors.calls).toEqual(['error c', 'flush'])
    expect(none.calls).toEqual([])
    log.critical('d')
    expect(none.calls).toEqual(['critical d', 'flush'])
  })

  it('each have a format, and a file no colours', () => {
    const folder = mkdtempSync(join(tmpdir(), 'telltale-deliver-'))
    const file = join(folder, 'app.log')
    const texts = { json: '', logfmt: '', console: '' }
    start(
      { write: (text) => void (texts.json += text) },
      { format: 'logfmt', write: (text) => void (texts.logfmt += text) },
      { format: 'console', write: (text) => void (texts.console += text) },
      { file, format: 'console' },
    )
    log.error('raised', { n: 1, password: 'hunter2' })
    expect(JSON.parse(texts.json)).toMatchObject({ event: 'raised', n: 1 })
    expect(texts.logfmt).toMatch(/^timestamp=\S+ level=error logger=app event=raised .*n=1.*\n$/)
    expect(texts.console).toMatch(/raised.*n=1.*\n$/s)
    const written = readFileSync(file, 'utf8')
    expect(written).toMatch(/raised.*n=1/s)
    expect(written).not.toContain('\u001b')
    expect(JSON.stringify(texts) + written).not.toContain('hunter2')
    rmSync(folder, { recursive: true })
  })

  it('get a line as JSON where it can not be drawn', () => {
    start({ write: () => undefined })
    const calls: string[] = []
    const render = (): never => {
      throw new Error('no')
    }
    const former = pipeline.routes
    pipeline.routes = [{ sink: { write: (text) => void calls.push(text) }, level: info, render }]
    const before = lost('render')
    deliver('{"event":"raised"}\n', info)
    pipeline.routes = former
    expect(calls).toEqual(['{"event":"raised"}\n'])
    expect(lost('render') - before).toBe(1)
  })

  it('at the end are flushed by their own last way, else as always', () => {
    const [own, plain] = [remembering(), remembering()]
    start(own, { write: plain.write.bind(plain), flush: plain.flush!.bind(plain) })
    flushAtExit()
    expect([own.calls, plain.calls]).toEqual([['flush and wait'], ['flush']])
  })

  it('that log while they write get their own line, but not about it for ever', () => {
    const lines: string[] = []
    let nested = 0
    start({
      write: (text) => {
        lines.push(text)
        if (++nested > 1000) throw new Error('for ever')
        log.warning('sink_is_slow')
      },
    })
    expect(() => log.info('raised')).not.toThrow()
    expect(lines.some((line) => line.includes('"raised"'))).toBe(true)
    expect(nested).toBeLessThan(10)
    expect(nested).toBe(lines.length)
    nested = 0
    log.info('again')
    expect(lines.some((line) => line.includes('"again"'))).toBe(true)
  })
})

describe('a tap', () => {
  it('sees each line once, and keeps from the destinations what it takes', () => {
    const sink = remembering()
    start(sink)
    const seen: string[] = []
    stops.push(
      addTap((line, level) => {
        seen.push(`${level} ${line.length > 0}`)
        return line.includes('"taken"')
      }),
      addTap(() => false),
    )
    log.info('taken')
    log.error('left')
    expect(seen).toEqual([`${info} true`, `${error} true`])
    expect(sink.calls).toEqual(['error left', 'flush'])
  })

  it('that throws costs nothing but its count', () => {
    const sink = remembering()
    start(sink)
    const before = lost('subscriber')
    stops.push(
      addTap(() => {
        throw Object.create(null)
      }),
    )
    expect(() => log.info('raised')).not.toThrow()
    expect(sink.calls).toEqual(['info raised'])
    expect(lost('subscriber') - before).toBe(1)
  })
})

it('setup() draws for a terminal of the destination by its own names, whatever log.keys makes of them', () => {
  let text = ''
  out = new Capture({
    log: {
      keys: { event: 'message', level: 'severity', timestamp: 'time' },
      sinks: [{ format: 'console', write: (line) => void (text += line) }],
    },
  })
  log.warning('raised', { n: 1 })
  expect(text).toMatch(/^\S+\s+\S*warn\S*\s+.*app.*raised.*n=1/)
  vi.restoreAllMocks()
})
