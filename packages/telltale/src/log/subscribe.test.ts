import { channel } from 'node:diagnostics_channel'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Capture } from '../../test/support/capture.js'
import { getLogger, onEvent, withContext, type LogEvent } from '../index.js'
import { droppedCounts } from '../self/dropped.js'
import { pipeline } from './pipeline.js'

const log = getLogger('app')
const stops: (() => void)[] = []
let out: Capture

function listen(listener: (event: LogEvent) => unknown): () => void {
  const stop = onEvent(listener)
  stops.push(stop)
  return stop
}

function subscribe(listener: (event: LogEvent) => void): () => void {
  const events = channel('telltale:event')
  const heard = (message: unknown): void => listener(message as LogEvent)
  events.subscribe(heard)
  const stop = (): void => void events.unsubscribe(heard)
  stops.push(stop)
  return stop
}

function failures(): number {
  for (const { signal, reason, count } of droppedCounts())
    if (signal === 'log' && reason === 'subscriber') return count
  return 0
}

beforeEach(() => void (out = new Capture()))
afterEach(async () => {
  for (const stop of stops.splice(0)) stop()
  await out.telltale.shutdown()
})

describe.each([
  ['onEvent()', listen],
  ['the channel telltale:event', subscribe],
])('%s', (_name, hear) => {
  it('has each event that is written, redacted, in order', () => {
    const heard: LogEvent[] = []
    hear((event) => void heard.push(event))
    withContext({ tenant: 't' }, () => {
      log.info('first', { n: 1, password: 'hunter2', note: 'token=hunter2' })
      log.debug('below_the_level')
      log.error('second token=hunter2', { error: new Error('Bearer hunter2hunter2') })
    })
    expect(heard.map(({ level, logger, event }) => [level, logger, event])).toEqual([
      ['info', 'app', 'first'],
      ['error', 'app', 'second token=[REDACTED]'],
    ])
    expect(heard[0]!.entry).toMatchObject({ tenant: 't', n: 1, password: '[REDACTED]' })
    expect(heard.map(({ line }) => `${line}\n`).join('')).toBe(out.text)
    expect(JSON.stringify(heard)).not.toContain('hunter2')
  })

  it('has what the level of each destination, and processors, make of it', async () => {
    await out.telltale.shutdown()
    out = new Capture({
      log: {
        keys: { event: 'message', logger: 'name', level: 'severity' },
        sinks: [{ level: 'error', write: () => undefined }],
        processors: [(entry) => ((entry.level = 'warning'), entry.event !== 'dropped')],
      },
    })
    const heard: LogEvent[] = []
    hear((event) => void heard.push(event))
    log.info('dropped')
    log.info('raised')
    expect(heard.map(({ level, logger, event }) => [level, logger, event])).toEqual([
      ['warning', 'app', 'raised'],
    ])
    expect(heard[0]!.entry).toMatchObject({ severity: 'warning', name: 'app', message: 'raised' })
  })

  it('does not come back to who raises an event while listening', () => {
    const heard: string[] = []
    hear(({ event }) => {
      heard.push(event)
      log.info(`heard_${event}`)
    })
    log.info('raised')
    log.info('again')
    expect(heard).toEqual(['raised', 'again'])
    expect(out.lines.map(({ event }) => event).toSorted()).toEqual([
      'again',
      'heard_again',
      'heard_raised',
      'raised',
    ])
  })

  it('ends', () => {
    const heard: string[] = []
    const stop = hear(({ event }) => void heard.push(event))
    log.info('raised')
    stop()
    stop()
    log.info('unheard')
    expect(heard).toEqual(['raised'])
    expect(out.events('raised', 'unheard')).toHaveLength(2)
  })

  it("can't change what others get", () => {
    const lines: string[] = []
    hear(({ entry }) => {
      ;(entry as Record<string, unknown>)['n'] = 'changed'
    })
    hear(({ entry, line }) => {
      lines.push(line)
      expect(entry['n']).toBe(typeof entry['n'] === 'string' ? 'changed' : 1)
    })
    log.info('raised', { n: 1 })
    expect(JSON.parse(lines[0]!)).toMatchObject({ n: 1 })
    expect(out.one('raised')).toMatchObject({ n: 1 })
  })
})

describe('onEvent()', () => {
  it('leaves the others their events where one throws or rejects, and counts it', async () => {
    const unhandled = vi.fn<() => void>()
    process.on('unhandledRejection', unhandled)
    const before = failures()
    listen(() => {
      throw Object.create(null)
    })
    listen(() => Promise.reject(new Error('token=hunter2')))
    const heard: string[] = []
    listen(({ event }) => void heard.push(event))
    expect(() => log.info('raised')).not.toThrow()
    await vi.waitFor(() => expect(failures() - before).toBe(2))
    await new Promise(setImmediate)
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
    expect(heard).toEqual(['raised'])
    expect(out.one('raised')).toBeDefined()
    log.info('again')
    expect(heard).toEqual(['raised', 'again'])
  })

  it('goes on after a listener that threw while it raised an event', () => {
    const heard: string[] = []
    listen(({ event }) => {
      heard.push(event)
      log.info('inner')
      throw new Error('no')
    })
    log.info('first')
    log.info('second')
    expect(heard).toEqual(['first', 'second'])
  })

  it('gives two listeners what the other one raises', () => {
    const heard: string[][] = [[], []]
    listen(({ event }) => {
      heard[0]!.push(event)
      if (event === 'raised') log.info('by_first')
    })
    listen(({ event }) => {
      heard[1]!.push(event)
      if (event === 'raised') log.info('by_second')
    })
    log.info('raised')
    expect(heard.map((each) => each.toSorted())).toEqual([
      ['by_second', 'raised'],
      ['by_first', 'raised'],
    ])
  })

  it('may be subscribed and ended while an event is told', () => {
    const heard: string[] = []
    const stop = listen(({ event }) => {
      heard.push(event)
      stop()
      listen(({ event: later }) => void heard.push(`later ${later}`))
    })
    log.info('raised')
    log.info('again')
    expect(heard).toEqual(['raised', 'later again'])
  })

  it('outlives shutdown() and setup()', async () => {
    const heard: string[] = []
    listen(({ event }) => void heard.push(event))
    await out.telltale.shutdown()
    out = new Capture()
    log.info('raised')
    expect(heard).toContain('raised')
  })

  it.each([undefined, null, 5, 'listener', {}])('refuses %j by name', (listener) => {
    expect(() => onEvent(listener as never)).toThrow(/^onEvent\(\) takes a function of the event, got \w+\.$/)
  })

  it('leaves nothing behind: without a listener no event is made', () => {
    listen(() => undefined)()
    const parse = vi.spyOn(JSON, 'parse')
    log.info('raised')
    expect(pipeline.taps).toEqual([])
    listen(({ line }) => void line)
    log.info('raised')
    // The line is parsed only for who looks.
    expect(parse).not.toHaveBeenCalled()
    let looks: unknown[] = []
    listen((event) => (looks = [event.entry, event.entry, event.logger, event.event]))
    log.info('raised')
    expect(parse).toHaveBeenCalledTimes(1)
    expect(looks[0]).toBe(looks[1])
    vi.restoreAllMocks()
  })
})
