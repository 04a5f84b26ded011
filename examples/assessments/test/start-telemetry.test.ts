import { expect, test } from 'vitest'
import { createCanarySearch } from '../start/canary-search.js'
import { compareWithScrape, unendedFlows } from '../start/compare.js'
import { parseScrape } from '../start/scrape.js'
import { summarise, type Summary } from '../start/summary.js'
import { createReader, createTelemetry, type Telemetry } from '../start/telemetry.js'

let micros = 0
const line = (level: string, event: string, fields: object = {}): string => {
  const timestamp = `2026-01-02T03:04:05.${String(++micros).padStart(6, '0')}Z`
  return JSON.stringify({ timestamp, level, logger: 'l', event, service: 's', ...fields })
}

const get = { method: 'GET', path: '/a/1', route: '/a/:id' }
const LOG = [
  line('info', 'retake_flow_started', { flow_id: 'retake-1' }),
  line('warning', 'retake_flow_step_failed', {
    flow_id: 'retake-1',
    error: { type: 'TypeError', message: 'x', stack: '' },
  }),
  line('error', 'retake_flow_failed', {
    flow_id: 'retake-1',
    last_step: 'three',
    steps: [
      { step: 'one', outcome: 'completed' },
      { step: 'two', outcome: 'failed' },
    ],
    error: { type: 'TypeError', message: 'x' },
    error_seen: true,
  }),
  line('error', 'request_failed', {
    request_id: 'r-1',
    trace_id: 't-1',
    ...get,
    status: 500,
    error: { type: 'TypeError' },
    error_seen: true,
  }),
  line('info', 'request_completed', {
    request_id: 'r-2',
    ...get,
    status: 200,
    error: { type: 'SyntaxError' },
  }),
  line('warning', 'request_aborted', {
    request_id: 'r-3',
    ...get,
    method: 'PROPFIND',
    route: undefined,
    status: 200,
  }),
]

const SCRAPE = `http_requests_total{method="GET",path="/a/:id",status="500"} 1
http_requests_total{method="GET",path="/a/:id",status="200"} 1
http_requests_total{method="OTHER",path="unmatched",status="499"} 1
http_request_duration_seconds_bucket{method="GET",path="/a/:id",le="0.1"} 1
http_request_duration_seconds_bucket{method="GET",path="/a/:id",le="1"} 2
http_request_duration_seconds_bucket{method="GET",path="/a/:id",le="+Inf"} 2
http_request_duration_seconds_count{method="GET",path="/a/:id"} 2
http_request_duration_seconds_count{method="OTHER",path="unmatched"} 1
log_events_total{level="info",event="retake_flow_started"} 1
log_events_total{level="warning",event="retake_flow_step_failed"} 1
log_events_total{level="error",event="retake_flow_failed"} 1
log_events_total{level="error",event="request_failed"} 1
log_events_total{level="info",event="request_completed"} 1
log_events_total{level="warning",event="request_aborted"} 1
log_events_total{level="debug",event="query_executed"} 70
flow_duration_seconds_count{flow="retake",outcome="failed"} 1
flow_duration_seconds_count{flow="retake",outcome="completed"} 0
telltale_dropped_total{signal="log",reason="queue_full"} 0
`

function read(lines: readonly string[]): Telemetry {
  const telemetry = createTelemetry()
  const reader = createReader(telemetry)
  for (const each of lines) reader(each)
  return telemetry
}

function summaryOf(telemetry: Telemetry, scrape = SCRAPE, leaked = ''): Summary {
  const canaries = createCanarySearch([
    { place: 'query_token', text: 'canary-x-1234', secret: 'canary-x-1234' },
  ])
  canaries.search(leaked, 'the log')
  const samples = parseScrape(scrape)
  const differences = compareWithScrape(telemetry, samples)
  return summarise({ seconds: 6.04, telemetry, samples, planted: 1, leaks: canaries.found(), differences })
}

test('the summary is what the lines and the scrape say', () => {
  expect(summaryOf(read(LOG))).toEqual({
    ok: true,
    seconds: 6,
    requests: {
      total: 3,
      by_route: { 'GET /a/:id': 2, 'OTHER unmatched': 1 },
      by_status: { '200': 1, '499': 1, '500': 1 },
    },
    events: { total: 6, by_level: { error: 2, info: 2, warning: 2 }, invalid: 0 },
    flows: { retake: { outcomes: { failed: 1 }, failed_in: { two: 1 } } },
    errors: { TypeError: 1 },
    latency_ms: { p50: 100, p99: 982 },
    log_bytes: LOG.reduce((sum, each) => sum + each.length + 1, 0),
    canaries: { planted: 1, found: 0 },
    differences: [],
  })
})

test('a request end says id, trace, method, route and status', () => {
  const reader = createReader(createTelemetry())
  expect(reader(LOG[3] ?? '')).toEqual({
    id: 'r-1',
    traceId: 't-1',
    method: 'GET',
    route: '/a/:id',
    status: 500,
  })
  expect(reader(LOG[5] ?? '')).toEqual({
    id: 'r-3',
    traceId: null,
    method: 'PROPFIND',
    route: 'unmatched',
    status: 499,
  })
  expect(reader(LOG[0] ?? '')).toBeUndefined()
})

test.each(LOG.map((_, missing) => missing))('a log without its line %i does not pass', (missing) => {
  const summary = summaryOf(read(LOG.toSpliced(missing, 1)))
  expect(summary.ok).toBe(false)
  expect(summary.differences).toContainEqual(
    expect.stringMatching(/^log_events_total .*: 0 in the log, 1 in the scrape$/),
  )
})

test('a line too much does not pass', () => {
  const { differences } = summaryOf(
    read([...LOG, line('info', 'request_completed', { ...get, status: 200 })]),
  )
  expect(differences).toContain('http_requests_total GET /a/:id 200: 2 in the log, 1 in the scrape')
})

test('an invalid line does not pass, and is shown', () => {
  const { ok, events, differences } = summaryOf(read([...LOG, 'Error: boom']))
  expect(ok).toBe(false)
  expect(events.invalid).toBe(1)
  expect(differences).toContain('log line 7 is not JSON: Error: boom')
})

test('many invalid lines are counted, and the first ones shown', () => {
  const { events, differences } = summaryOf(read([...LOG, ...Array<string>(50).fill('x')]))
  expect(events.invalid).toBe(50)
  expect(differences).toHaveLength(11)
})

test('a leaked canary does not pass, and is named with its way', () => {
  const { ok, canaries, differences } = summaryOf(read(LOG), SCRAPE, '{"path":"/x?token=canary-x-1234"}')
  expect(ok).toBe(false)
  expect(canaries).toEqual({ planted: 1, found: 1 })
  expect(differences).toEqual([
    expect.stringMatching(/^the canary query_token leaked \(as it is\) into the log: /),
  ])
})

test('what the service dropped does not pass', () => {
  const { differences } = summaryOf(read(LOG), SCRAPE.replace('queue_full"} 0', 'queue_full"} 2'))
  expect(differences).toEqual(['the service dropped 2 of signal log: queue_full'])
})

test('a histogram that misses a request does not pass', () => {
  const scrape = SCRAPE.replace(
    '_count{method="OTHER",path="unmatched"} 1',
    '_count{method="OTHER",path="unmatched"} 0',
  )
  expect(summaryOf(read(LOG), scrape).differences).toEqual([
    'http_request_duration_seconds_count of all requests: 3 in the log, 2 in the scrape',
  ])
})

test('a flow that did not end does not pass', () => {
  expect(unendedFlows(read(LOG))).toEqual([])
  expect(unendedFlows(read(LOG.toSpliced(2, 1)))).toEqual(['flow retake: 1 started, 0 ended'])
})
