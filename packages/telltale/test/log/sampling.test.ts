import { afterEach, expect, it, vi } from 'vitest'
import { getLogger, type SetupOptions } from '../../src/index.js'
import { Scope, scopes } from '../../src/context/scope.js'
import { eachAdapter } from '../support/adapters.js'
import { log } from '../support/apps/app.js'
import { Capture } from '../support/capture.js'
import { ask } from '../support/client.js'

const app = getLogger('app')
let out: Capture | undefined
afterEach(async () => {
  vi.restoreAllMocks()
  await out?.telltale.shutdown()
})

function start(options: SetupOptions['log']): Capture {
  return (out = new Capture({ log: options }))
}

it('says its share on what passes, and nothing on what is not sampled', () => {
  start({ sample: { cache_hit: 0.5 } })
  vi.spyOn(Math, 'random').mockReturnValue(0)
  app.info('cache_hit', { n: 1 })
  app.info('other')
  app.error('cache_hit')
  const [hit, error] = out!.events('cache_hit')
  expect(hit).toMatchObject({ n: 1, sample_rate: 0.5 })
  expect(out!.one('other')).not.toHaveProperty('sample_rate')
  expect(error).toMatchObject({ level: 'error' })
  expect(error).not.toHaveProperty('sample_rate')
})

it('says its share however many fields there are, and reads each field once', () => {
  start({ sample: { cache_hit: 0.5 } })
  vi.spyOn(Math, 'random').mockReturnValue(0)
  let reads = 0
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`k${n}`, n]))
  app.info('cache_hit', many)
  app.info('cache_hit', {
    get a() {
      return ++reads
    },
    get b(): never {
      throw new Error('no')
    },
  })
  const [wide, odd] = out!.events('cache_hit')
  expect(wide).toMatchObject({ sample_rate: 0.5, k0: 0 })
  expect(odd).toMatchObject({ sample_rate: 0.5, a: 1 })
})

it('of 0 leaves out every event, of 1 none', () => {
  start({ sample: { 'poll_*': 0, poll_failed: 1 } })
  for (let n = 0; n < 50; n++) {
    app.info('poll_done')
    app.info('poll_failed')
  }
  expect(out!.events('poll_done')).toHaveLength(0)
  expect(out!.events('poll_failed')).toHaveLength(50)
  expect(out!.events('poll_failed')[0]).not.toHaveProperty('sample_rate')
})

it('has all lines of a trace or none, by the end of its id', () => {
  start({ sample: { 'read_*': 0.5 } })
  const traced = (last: string): Scope =>
    new Scope(undefined, 'request', { traceId: `4bf92f3577b34da6a3ce929d${last}` })
  for (const last of ['00000000', '7fffffff', '80000000', 'ffffffff']) {
    scopes.run(traced(last), () => {
      for (let n = 0; n < 3; n++) app.info(`read_${n}`)
    })
  }
  const lasts = out!.lines
    .filter(({ event }) => event.startsWith('read_'))
    .map((line) => String(line['trace_id']).slice(-8))
  expect(lasts).toEqual([...Array<string>(3).fill('00000000'), ...Array<string>(3).fill('7fffffff')])
})

eachAdapter((begin) => {
  it('has all lines of a request or none, and its end always', async () => {
    const { app: server, log: lines } = await begin(
      {
        act: async () => {
          log.info('rows_read')
          await new Promise(setImmediate)
          log.info('rows_sorted')
        },
      },
      { log: { sample: { 'rows_*': 0.305, 'request_*': 0 } } },
    )
    // The caller's trace decides: its ids are spread evenly here.
    await Promise.all(
      Array.from({ length: 100 }, (_, n) => {
        const part = Math.floor((n / 100) * 2 ** 32)
          .toString(16)
          .padStart(8, '0')
        const traceparent = `00-4bf92f3577b34da6a3ce929d${part}-00f067aa0ba902b7-01`
        return ask(server.port, '/do', { headers: { traceparent } })
      }),
    )
    await lines.ended(100)
    expect(lines.events('request_completed')).toHaveLength(100)
    const traces = (event: string): unknown[] => lines.events(event).map((line) => line['trace_id'])
    expect(traces('rows_read').toSorted()).toEqual(traces('rows_sorted').toSorted())
    expect(traces('rows_read')).toHaveLength(31)
  })
})
