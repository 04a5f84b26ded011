import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { Collector } from '../otlp/collector.js'
import { Child, endChildren, type Ended } from '../support/child.js'
import { ask } from '../support/client.js'
import { until } from '../support/until.js'
import { collecting } from './collecting.js'

let exit: Awaited<ReturnType<typeof collecting>>

beforeAll(async () => {
  exit = await collecting()
})
beforeEach(() => void exit.reports.splice(0))
afterEach(endChildren)
afterAll(() => exit.close())

async function run(way: string, env: NodeJS.ProcessEnv = {}): Promise<{ child: Child; ended: Ended }> {
  const child = new Child('errors.mjs', [way], { REPORTS: exit.url, ...env })
  return { child, ended: await child.ended }
}

test.each([
  ['throw', 'uncaught_exception'],
  ['reject', 'unhandled_rejection'],
])('%s: the report is sent before the process ends as Node would have ended it', async (way, event) => {
  const { child, ended } = await run(way)
  expect(ended).toEqual({ code: 1, signal: null })
  expect(child.names).toEqual([event])
  expect(exit.reports).toMatchObject([
    {
      event,
      level: 'critical',
      logger: 'process',
      handled: false,
      service: 'child',
      environment: 'test',
      error: {
        type: 'RangeError',
        message: 'too far, password=[REDACTED]',
        cause: { type: 'Error', message: 'wall' },
      },
      fingerprint: child.one(event)['error_fingerprint'],
    },
  ])
  expect(exit.reports[0]!.error.frames[0]).toMatchObject({ file: /errors\.mjs$/, inApp: true })
  expect(child.stderr).toContain('RangeError: too far, password=[REDACTED]\n    at ')
  expect(child.stderr).toContain('[cause]: Error: wall')
  expect(child.stderr).toContain(`Node.js ${process.version}`)
  expect(child.stdout + child.stderr + JSON.stringify(exit.reports)).not.toContain('hunter2')
})

test('what is thrown need not be an error', async () => {
  const { child, ended } = await run('throw_text')
  expect(ended.code).toBe(1)
  expect(exit.reports).toMatchObject([{ error: { type: 'String', message: 'a text', frames: [] } }])
  expect(child.stderr).toContain('Uncaught a text')
})

test.each([
  ['reject_text', { type: 'String', message: 'disk full, password=[REDACTED]' }],
  ['reject_object', { type: 'Object', message: 'an object that is no error' }],
])('%s: of what is no error the reason itself is told, and Node has its own say', async (way, error) => {
  const { child, ended } = await run(way, { REPORTS: undefined })
  expect(ended.code).toBe(1)
  expect(child.one('unhandled_rejection')['error']).toEqual(error)
  expect(child.stderr).toContain('ERR_UNHANDLED_REJECTION')
  await run(way)
  expect(exit.reports).toMatchObject([{ event: 'unhandled_rejection', handled: false, error }])
})

test('what else fails meanwhile is written and reported, and the first decides', async () => {
  const { child, ended } = await run('throw_twice')
  expect(ended.code).toBe(1)
  expect(child.names).toEqual(['uncaught_exception', 'uncaught_exception'])
  expect(exit.reports.map(({ error }) => error.message).sort()).toEqual(['second', expect.any(String)])
  expect(child.stderr).not.toContain('second')
})

test('an exit that stands still is waited for no longer than its time, and the end is the same', async () => {
  const { child, ended } = await run('throw', { STANDS_STILL: '1' })
  expect(ended.code).toBe(1)
  expect(child.stderr).toContain('RangeError: too far')
})

test('nothing new can connect while the reports are sent', async () => {
  const child = new Child('errors.mjs', ['listening'], { REPORTS: exit.url, STANDS_STILL: '1' })
  const port = await child.port()
  expect((await ask(port, '/')).body).toBe('ok')
  await child.says('uncaught_exception')
  let isRefused = false
  await until('connections are refused', () => {
    const socket = connect(port, '127.0.0.1', () => socket.destroy())
    socket.on('error', () => (isRefused = true))
    return isRefused
  })
  // Refused by a process that is there.
  child.process.stdin!.write('go on')
  expect((await child.ended).code).toBe(1)
  expect(child.names.at(-1)).toBe('told_to_go_on')
  expect(exit.reports).toHaveLength(1)
})

test.each([
  ['own_uncaught', 7, 'uncaught_exception'],
  ['own_rejection', 0, 'unhandled_rejection'],
])("%s: written and reported, and the ending is the app's", async (way, code, event) => {
  const { child, ended } = await run(way)
  expect(ended.code).toBe(code)
  expect(child.names).toEqual([event, 'own_handler'])
  expect(child.stderr).toBe('')
})

test.each(['warn', 'none'])(
  '--unhandled-rejections=%s: written and reported, and Node goes on',
  async (mode) => {
    const { child, ended } = await run('reject', { NODE_OPTIONS: `--unhandled-rejections=${mode}` })
    expect(ended.code).toBe(0)
    expect(child.names).toEqual(['unhandled_rejection'])
    expect(exit.reports).toHaveLength(1)
    if (mode === 'warn') expect(child.stderr).toContain('UnhandledPromiseRejectionWarning')
  },
)

test('a domain and its like decide, too', async () => {
  const { child, ended } = await run('domain_like')
  expect(ended.code).toBe(8)
  expect(child.names).toEqual(['uncaught_exception'])
})

test('a listener that is gone decides nothing', async () => {
  const { child, ended } = await run('rejection_listener_gone')
  expect(ended.code).toBe(1)
  expect(child.names).toEqual(['unhandled_rejection'])
  expect(exit.reports).toHaveLength(1)
})

test.each(['throw', 'reject'])("%s: without an exit the end is Node's own", async (way) => {
  const { child, ended } = await run(way, { REPORTS: undefined })
  expect(ended.code).toBe(1)
  expect(child.names).toHaveLength(1)
  expect(child.stderr).toContain('throw')
  expect(exit.reports).toEqual([])
})

test('a collector has the line about it, and is not waited for where nothing waits', async () => {
  const collector = await new Collector().open()
  const OTEL_EXPORTER_OTLP_ENDPOINT = collector.endpoint
  const { child, ended } = await run('throw', { REPORTS: undefined, OTEL_EXPORTER_OTLP_ENDPOINT })
  expect(ended.code).toBe(1)
  expect(collector.logs.map(({ eventName }) => eventName)).toEqual(['uncaught_exception'])
  expect(child.stderr).toContain('password=[REDACTED]')

  const off = { OTEL_LOGS_EXPORTER: 'none' }
  const other = await run('throw', { REPORTS: undefined, OTEL_EXPORTER_OTLP_ENDPOINT, ...off })
  expect(other.ended.code).toBe(1)
  expect(other.child.stderr).toContain('errors.mjs:')
  expect(collector.logs).toHaveLength(1)
  await collector.close()
})

test('a process that ends by itself sends what waits', async () => {
  const { child, ended } = await run('finish')
  expect(ended.code).toBe(0)
  expect(child.names).toEqual(['charge_failed'])
  expect(exit.reports).toMatchObject([{ event: 'charge_failed', handled: true }])
})

test('one error is one report and one full record, through exception and process', async () => {
  const { child } = await run('exception_then_throw')
  expect(exit.reports.map(({ event }) => event)).toEqual(['charge_failed'])
  expect(child.one('charge_failed')['error']).toHaveProperty('stack')
  expect(child.one('uncaught_exception')).toMatchObject({ error_seen: true })
  expect(child.one('uncaught_exception')['error']).not.toHaveProperty('stack')
})

test('one error is one report and one full record, through step, flow, request and process', async () => {
  const { child } = await run('all_the_way')
  expect(exit.reports).toMatchObject([
    {
      event: 'pay_flow_step_failed',
      level: 'error',
      handled: true,
      fields: { step: 'charge', flow: 'pay', method: 'GET', path: '/pay' },
    },
  ])
  const [report] = exit.reports
  const failed = child.lines.filter((line) => line['error'] !== undefined)
  expect(failed.map(({ event }) => event)).toEqual([
    'pay_flow_step_failed',
    'pay_flow_failed',
    'request_failed',
  ])
  expect(failed.filter((line) => 'stack' in (line['error'] as object))).toHaveLength(1)
  expect(new Set(failed.map((line) => line['error_fingerprint']))).toEqual(new Set([report!.fingerprint]))
  expect(report).toMatchObject({
    requestId: failed[0]!['request_id'],
    traceId: failed[0]!['trace_id'],
    spanId: failed[0]!['span_id'],
    flowId: failed[0]!['flow_id'],
  })
  expect(report!.recent.map(({ event }) => event)).toEqual(['pay_flow_started'])
})
