import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createPaint, wantsColor } from '../start/paint.js'
import { renderReport } from '../start/report.js'
import { settle } from '../start/settle.js'
import { summarise } from '../start/summary.js'
import { createReader, createTelemetry, type Telemetry } from '../start/telemetry.js'

const none = { report: undefined, aborted: { noticed: 0, finished: 0, neverArrived: 0 } }
const plain = createPaint(false)

function telemetryOf(...requests: [route: string, status: number][]): Telemetry {
  const telemetry = createTelemetry()
  const read = createReader(telemetry)
  for (const [route, status] of requests) {
    const ids = {
      timestamp: '2026-01-02T03:04:05.000001Z',
      level: 'info',
      logger: 'http',
      event: 'request_completed',
    }
    read(JSON.stringify({ ...ids, service: 's', method: 'GET', route, status }))
  }
  return telemetry
}

const report = (
  telemetry: Telemetry,
  differences: string[] = [],
  { paint = plain, width = Infinity } = {},
): string => {
  const summary = summarise({ seconds: 2, telemetry, samples: [], planted: 0, leaks: new Map(), differences })
  return renderReport(summary, telemetry, none, { paint, columns: () => width })
}

test('each route has a row with its statuses, the busiest first, in columns', () => {
  const rows = report(telemetryOf(['/b', 200], ['/a/:id', 404], ['/a/:id', 200], ['/a/:id', 200])).split('\n')
  const at = rows.findIndex((row) => row.includes('/a/:id'))
  expect(rows[at]).toMatch(/^ {4}GET \/a\/:id +3 {3}200 × 2 {3}404 × 1$/)
  expect(rows[at + 1]).toMatch(/^ {4}GET \/b +1 {3}200 × 1$/)
  expect(rows[at]?.indexOf('200')).toBe(rows[at + 1]?.indexOf('200'))
})

test('lines end between items, coloured or not, and none is lost', () => {
  const statuses = [200, 201, 204, 400, 404, 409, 410, 422, 429, 500, 502, 503]
  const telemetry = telemetryOf(...statuses.map((status): [string, number] => ['/a/:id', status]))
  const wide = report(telemetry).split('\n')
  for (const paint of [plain, createPaint(true)]) {
    // eslint-disable-next-line no-control-regex
    const narrow = report(telemetry, [], { paint, width: 60 })
      .replace(/\u001b\[[\d;]*m/g, '')
      .split('\n')
    expect(narrow.filter((line) => line.length > 60)).toEqual([])
    expect(narrow.length).toBeGreaterThan(wide.length)
    expect(narrow.join(' ').split(/\s+/)).toEqual(wide.join(' ').split(/\s+/))
    for (const status of statuses) expect(narrow.join('\n')).toContain(`${status} × 1`)
  }
})

test('agreement is said, and so is every difference', () => {
  expect(report(telemetryOf(['/a', 200]))).toContain('✓ the log and the scrape agree')
  const text = report(telemetryOf(['/a', 200]), ['one thing', 'another'])
  expect(text).toContain('✗ 2 differences\n    one thing\n    another\n')
  expect(text).not.toContain('agree')
})

test('text from outside never controls the terminal', () => {
  const text = report(telemetryOf(['/\x1b[31m', 200]), ['log line 1 is not JSON: \x1b]0;x\x07\u202e'])
  // eslint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  expect(text).toContain('\\u001b]0;x\\u0007\\u202e')
})

test('colours are asked for by a terminal or FORCE_COLOR, and never against NO_COLOR', () => {
  expect(wantsColor({}, true)).toBe(true)
  expect(wantsColor({}, false)).toBe(false)
  expect(wantsColor({ FORCE_COLOR: '1' }, false)).toBe(true)
  expect(wantsColor({ FORCE_COLOR: '0' }, true)).toBe(false)
  expect(wantsColor({ NO_COLOR: '1', FORCE_COLOR: '1' }, true)).toBe(false)
  expect(plain.red('x')).toBe('x')
  expect(createPaint(true).red('x')).not.toBe('x')
})

test('the last scrape waits for requests under way and for lines still in the pipe', async () => {
  const telemetry = createTelemetry()
  const read = createReader(telemetry)
  let scrapes = 0
  const server = createServer((_, response) => {
    scrapes++
    // Under way, then counted with its line not yet read, then both.
    const counted = scrapes === 1 ? 0 : 1
    if (scrapes === 3) {
      const line = {
        timestamp: '2026-01-02T03:04:05.000001Z',
        level: 'info',
        logger: 'l',
        event: 'e',
        service: 's',
      }
      read(JSON.stringify(line))
    }
    response.end(
      `http_requests_in_progress ${scrapes === 1 ? 2 : 0}\nlog_events_total{level="info",event="e"} ${counted}\n`,
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const settled = await settle(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, telemetry)
  server.close()
  expect(scrapes).toBe(3)
  expect(settled.differences).toEqual([])
  expect(settled.samples).toHaveLength(2)
})
