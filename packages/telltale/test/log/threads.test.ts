import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { cleanUp, destinations, folder, numbers, parse, type Plan, upTo, Writing } from './writing.js'

afterEach(cleanUp)

const main = (plan: Plan, to: (typeof destinations)[number] | undefined = 'fifo'): Writing =>
  new Writing(plan, { to, fixture: 'writer-main.mjs' })

const own = { service: 'worker', environment: 'test' }

describe.each([
  ['that calls setup()', own],
  ['that does not', undefined],
])('a worker thread %s', (_which, setup) => {
  test.each(destinations)('loses no line when it returns (%s)', async (to) => {
    const child = main({ way: 'return', own: setup }, to)
    expect((await child.ended).code).toBe(0)
    expect(child.numbers).toEqual(upTo(1000))
  })

  test('loses no line when it exits', async () => {
    const child = main({ way: 'exit', own: setup })
    expect((await child.ended).code).toBe(0)
    expect(child.numbers).toEqual(upTo(1000))
    expect(child.lines.find(({ event }) => event === 'worker_ended')).toMatchObject({ code: 5 })
  })

  test('loses no line when it throws', async () => {
    const child = main({ way: 'throw', own: setup })
    expect((await child.ended).code).toBe(0)
    await child.says('worker failed: inside')
    expect(child.numbers).toEqual(upTo(1000))
    if (setup !== undefined)
      expect(child.lines.find(({ event }) => event === 'uncaught_exception')).toMatchObject({
        level: 'critical',
        service: 'worker',
        error: { type: 'RangeError', message: 'inside' },
      })
  })

  test('loses no line when the process starts it, is busy and ends', async () => {
    const file = join(folder(), 'log')
    const setupOfMain = { log: { sinks: [{ file }] } }
    const child = main({
      main: 'busy_from_the_start',
      way: 'told_at_exit',
      until: 2,
      exits: true,
      own: setup,
      setup: setupOfMain,
    })
    expect((await child.ended).code).toBe(4)
    expect(child.text).toBe('')
    expect(numbers(parse(readFileSync(file, 'utf8')))).toEqual(upTo(1000))
  })
})

test("lines of a worker's turn that has ended are there when a busy main thread exits at once", async () => {
  const child = main({ main: 'exit_when_raised', way: 'asked', own })
  expect((await child.ended).code).toBe(4)
  expect(child.numbers).toEqual(upTo(1000))
})

test('a terminated worker loses lines below error of its last turn at most', async () => {
  const child = main({ main: 'terminate', way: 'last_turn', own })
  expect((await child.ended).code).toBe(0)
  const arrived = child.numbers
  expect(arrived).toEqual(upTo(arrived.length))
  expect(arrived.length).toBeGreaterThan(1000)
  expect(child.lines.find(({ n }) => n === 1000)?.level).toBe('error')
})

test("a worker's lines go where the main thread's go, in its formats", async () => {
  const file = join(folder(), 'log')
  const sinks = [{ file, format: 'logfmt' as const }, { stream: 'stdout' as const }]
  const child = main({ way: 'return', count: 10, own, setup: { log: { sinks } } })
  await child.ended
  expect(child.numbers).toEqual(upTo(10))
  expect(readFileSync(file, 'utf8').match(/event=line .*n=\d/g)).toHaveLength(10)
})

test('a worker without setup() has the level, the redaction and the identity of the main thread', async () => {
  const setup = {
    service: 'ours',
    version: '1.2.3',
    log: { level: 'debug' },
    redact: { keys: ['user_word'] },
  }
  const child = main({ way: 'inherits', setup })
  await child.ended
  expect(child.lines.map(({ event }) => event)).toEqual(['debugged', 'told', 'worker_ended'])
  expect(child.lines[1]).toMatchObject({ service: 'ours', version: '1.2.3', user_word: '[REDACTED]' })
  expect(child.text).not.toContain('S3cretWord')
})

test("a worker's own setup() wins over the main thread's", async () => {
  const child = main({
    way: 'inherits',
    setup: { service: 'ours', log: { level: 'debug' } },
    own: { service: 'its_own', environment: 'test', log: { level: 'info' }, redact: { keys: ['user_word'] } },
  })
  await child.ended
  expect(child.lines.map(({ event }) => event)).toEqual(['told', 'worker_ended'])
  expect(child.lines[0]).toMatchObject({ service: 'its_own', user_word: '[REDACTED]' })
})

test('a worker redacts no less than the main thread that writes its lines, by the same key names', async () => {
  const child = main({
    way: 'inherits',
    setup: { redact: { keys: ['user_word'] }, log: { keys: { level: 'severity' } } },
    own: {
      ...own,
      redact: { pii: true, allow: ['user_word', 'password'] },
      log: { keys: { level: 'grade' } },
    },
  })
  await child.ended
  expect(child.lines.map(({ severity }) => severity)).toEqual(['info', 'info'])
  expect(child.lines[0]).toMatchObject({ event: 'told', user_word: '[REDACTED]', password: '[REDACTED]' })
  expect(child.text).not.toContain('S3cretWord')
})

test("a worker without setup() redacts as the main thread also where its LOG_LEVEL can't be read", async () => {
  const child = main({
    way: 'inherits',
    env: { LOG_LEVEL: 'loud' },
    setup: { redact: { keys: ['user_word'] } },
  })
  await child.ended
  expect(child.lines[0]).toMatchObject({ event: 'told', service: 'main', user_word: '[REDACTED]' })
})

test("a worker's own destinations are its own", async () => {
  const file = join(folder(), 'log')
  const child = main({ way: 'return', own: { ...own, log: { sinks: [{ file }] } } })
  await child.ended
  expect(child.numbers).toEqual([])
  expect(numbers(parse(readFileSync(file, 'utf8')))).toEqual(upTo(1000))
})

test('a change of levels reaches workers that run and workers that start later', async () => {
  const child = main({ main: 'levels', way: 'levels', own })
  expect((await child.ended).code).toBe(0)
  expect(child.numbers.toSorted()).toEqual([1, 2])
})

test('a change of levels by a worker reaches the main thread and later workers, and is said once', async () => {
  const child = main({ main: 'levels_of_worker', way: 'levels', own })
  expect((await child.ended).code).toBe(0)
  expect(child.numbers).toEqual([2])
  expect(child.lines.filter(({ event }) => event === 'log_level_changed')).toHaveLength(1)
})

test('a change for a time ends though the worker that made it is gone, each thread with its own levels', async () => {
  const child = main({
    main: 'levels_of_worker',
    way: 'kept_again',
    terminates: true,
    options: { forMs: 500 },
    setup: { log: { level: 'warning' } },
    own: { ...own, log: { level: 'info' } },
  })
  expect((await child.ended).code).toBe(0)
  const changes = child.lines.filter(({ event }) => event === 'log_level_changed')
  expect(changes.map(({ service, from, to }) => [service, from, to])).toEqual([
    ['worker', 'info', 'debug'],
    ['main', 'debug', 'warning'],
  ])
  expect(child.lines.map(({ event }) => event)).toContain('kept_again')
})

test.each([
  ['that calls setup()', own],
  ['that does not', undefined],
])('a worker %s follows a setup() that comes before a change for a time is over', async (_which, setup) => {
  const child = main({ main: 'levels_anew', way: 'kept_again', own: setup })
  expect((await child.ended).code).toBe(0)
  expect(child.lines.at(-1)?.event).toBe('kept_again')
})

test('workers of workers hand their lines on', async () => {
  const child = main({ way: 'nested', depth: 2, count: 100, own })
  expect((await child.ended).code).toBe(0)
  expect(child.numbers.toSorted((a, b) => a - b)).toEqual(upTo(100).flatMap((n) => [n, n, n]))
})

test('a worker that is terminated with workers of its own leaves room for later ones', async () => {
  const log = { maxBufferBytes: 1_000_000 }
  const child = main({
    main: 'terminate',
    way: 'busy_over_flood',
    flood: 20_000,
    afterwards: 'return',
    setup: { log },
    own: { ...own, log },
  })
  expect((await child.ended).code).toBe(0)
  expect(child.numbers).toEqual(upTo(1000))
})

test('what workers hand to a busy main thread is bounded, loses the lowest levels first, and is counted', async () => {
  const child = main({
    main: 'busy_from_the_start',
    way: 'flood',
    count: 10_000,
    until: 2,
    tells: true,
    setup: { log: { level: 'debug', maxBufferBytes: 1_000_000 } },
    own: { ...own, log: { level: 'debug', maxBufferBytes: 1_000_000 } },
  })
  expect((await child.ended).code).toBe(0)
  const raised = JSON.parse(/raised (.*)/.exec(child.stderr)![1]!) as Record<string, number>
  const count = (level: string): number =>
    child.lines.filter((line) => line.event === 'line' && line.level === level).length
  expect(count('error')).toBe(raised['error'])
  expect(count('warning')).toBe(raised['warning'])
  expect(count('debug')).toBeLessThan(raised['debug']!)
  const lost: Record<string, number> = {}
  for (const { event, by_level } of child.lines)
    if (event === 'log_lines_dropped')
      for (const [level, n] of Object.entries(by_level as Record<string, number>))
        lost[level] = (lost[level] ?? 0) + n
  expect(lost).toEqual({ debug: raised['debug']! - count('debug'), info: raised['info']! - count('info') })
  expect(child.text.length).toBeLessThan(1_500_000)
  await child.says(`dropped ${lost['debug']! + lost['info']!}\n`)
})

test.each([
  ['exit_when_raised', 'asked', 100],
  ['terminate', 'last_turn', 101],
] as const)('a worker without setup() loses as little: %s', async (how, way, least) => {
  const child = main({ main: how, way, count: 100 })
  await child.ended
  expect(child.numbers.length).toBeGreaterThanOrEqual(least)
  expect(child.numbers).toEqual(upTo(child.numbers.length))
})
