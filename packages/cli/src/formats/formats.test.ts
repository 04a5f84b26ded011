import { describe, expect, test } from 'vitest'
import type { Entry } from './entry.js'
import { formatNames, formatOf, type FormatName } from './formats.js'
import { createRequests } from './requests.js'

const stack = 'TypeError: no answer\n    at pay (/srv/src/pay.js:41:11)'

/** One line of each, as the logger itself writes it, and ours for it. */
const lines: Readonly<Record<FormatName, readonly [Entry, Entry]>> = {
  own: [
    { timestamp: '2026-01-31T12:04:07.512000Z', level: 'info', logger: 'a', event: 'b', service: 's', n: 1 },
    { timestamp: '2026-01-31T12:04:07.512000Z', level: 'info', logger: 'a', event: 'b', service: 's', n: 1 },
  ],
  otel: [
    {
      timeUnixNano: '1544712660300000000',
      severityNumber: 13,
      severityText: 'Careful',
      traceId: '5b8efff798038103d269b633813fc60c',
      spanId: 'eee19b7ec3c1b174',
      body: { stringValue: 'disk is filling' },
      attributes: [
        { key: 'free', value: { intValue: '12' } },
        { key: 'paths', value: { arrayValue: { values: [{ stringValue: '/a' }] } } },
        { key: 'by', value: { kvlistValue: { values: [{ key: 'id', value: { boolValue: true } }] } } },
      ],
    },
    {
      timestamp: '2018-12-13T14:51:00.300Z',
      level: 'warning',
      trace_id: '5b8efff798038103d269b633813fc60c',
      span_id: 'eee19b7ec3c1b174',
      message: 'disk is filling',
      free: 12,
      paths: ['/a'],
      by: { id: true },
    },
  ],
  bunyan: [
    {
      name: 'shop',
      hostname: 'h1',
      pid: 7,
      component: 'pay',
      level: 50,
      req_id: '9f3c2b1a77e0d4c5',
      err: { message: 'no answer', name: 'TypeError', stack, code: 'E1' },
      msg: 'payment failed',
      time: '2026-01-31T12:04:07.512Z',
      src: { file: '/srv/src/pay.js', line: 41, func: 'pay' },
      v: 0,
    },
    {
      timestamp: '2026-01-31T12:04:07.512Z',
      level: 'error',
      logger: 'pay',
      service: 'shop',
      instance: 'h1',
      request_id: '9f3c2b1a77e0d4c5',
      message: 'payment failed',
      file: '/srv/src/pay.js',
      line: 41,
      function: 'pay',
      error: { type: 'TypeError', message: 'no answer', stack, code: 'E1' },
    },
  ],
  pino: [
    {
      level: 60,
      time: 1769861047512,
      pid: 7,
      hostname: 'h1',
      name: 'shop',
      err: {
        type: 'TypeError',
        message: 'no answer: timed out',
        stack: `${stack}\ncaused by: Error: timed out\n    at dial (/srv/src/net.js:3:1)`,
      },
      msg: 'payment failed',
      amount: 4200,
    },
    {
      timestamp: '2026-01-31T12:04:07.512Z',
      level: 'critical',
      logger: 'shop',
      instance: 'h1',
      message: 'payment failed',
      amount: 4200,
      error: {
        type: 'TypeError',
        message: 'no answer',
        stack,
        cause: {
          type: 'Error',
          message: 'timed out',
          stack: 'Error: timed out\n    at dial (/srv/src/net.js:3:1)',
        },
      },
    },
  ],
  ecs: [
    {
      '@timestamp': '2026-01-31T12:04:07.512Z',
      'log.level': 'ERROR',
      message: 'payment failed',
      ecs: { version: '8.10.0' },
      service: { name: 'shop' },
      trace: { id: '2869b25b5469590610fea49ac04af7da' },
      http: { request: { id: '9f3c2b1a77e0d4c5' } },
      event: { duration: 12_300_000 },
      error: {
        type: 'java.io.IOException',
        message: 'no answer',
        stack_trace: 'java.io.IOException: no answer\n\tat shop.Pay.send(Pay.java:41)',
      },
    },
    {
      timestamp: '2026-01-31T12:04:07.512Z',
      level: 'error',
      service: 'shop',
      request_id: '9f3c2b1a77e0d4c5',
      trace_id: '2869b25b5469590610fea49ac04af7da',
      message: 'payment failed',
      duration_ms: 12.3,
      error: {
        type: 'java.io.IOException',
        message: 'no answer',
        stack: '    at shop.Pay.send (Pay.java:41:1)',
      },
    },
  ],
  datadog: [
    {
      timestamp: '2026-01-31T12:04:07.512Z',
      status: 'warn',
      message: 'payment slow',
      service: 'shop',
      dd: { trace_id: '123', span_id: '45' },
      logger: { name: 'pay' },
      error: { kind: 'TypeError', message: 'no answer', stack },
    },
    {
      timestamp: '2026-01-31T12:04:07.512Z',
      level: 'warning',
      logger: 'pay',
      service: 'shop',
      trace_id: '123',
      span_id: '45',
      message: 'payment slow',
      error: { type: 'TypeError', message: 'no answer', stack },
    },
  ],
  gcp: [
    {
      severity: 'INFO',
      timestampSeconds: 1769861047,
      timestampNanos: 512000000,
      httpRequest: {
        requestMethod: 'GET',
        requestUrl: 'https://shop.example/pay?a=1',
        status: 204,
        latency: '0.25s',
      },
      'logging.googleapis.com/trace': 'projects/p/traces/06796866738c859f2f19b7cfb3214824',
    },
    {
      timestamp: '2026-01-31T12:04:07.512Z',
      level: 'info',
      event: 'request_completed',
      trace_id: '06796866738c859f2f19b7cfb3214824',
      method: 'GET',
      path: '/pay?a=1',
      status: 204,
      duration_ms: 250,
    },
  ],
  structlog: [
    {
      event: 'payment_failed',
      level: 'error',
      timestamp: 1769861047.512,
      logger: 'pay',
      exception: [
        {
          exc_type: 'ValueError',
          exc_value: 'no answer',
          is_cause: false,
          frames: [
            { filename: 'main.py', lineno: 3, name: '<module>' },
            { filename: 'pay.py', lineno: 41, name: 'pay' },
          ],
        },
        { exc_type: 'KeyError', exc_value: "'amount'", is_cause: true, frames: [] },
      ],
    },
    {
      timestamp: '2026-01-31T12:04:07.512Z',
      level: 'error',
      logger: 'pay',
      event: 'payment_failed',
      error: {
        type: 'ValueError',
        message: 'no answer',
        stack: '    at pay (pay.py:41:1)\n    at <module> (main.py:3:1)',
        cause: { type: 'KeyError', message: "'amount'" },
      },
    },
  ],
  winston: [
    {
      level: 'error',
      message: 'no answer',
      timestamp: '2026-01-31T12:04:07.512Z',
      label: 'pay',
      stack,
      amount: 4200,
    },
    {
      timestamp: '2026-01-31T12:04:07.512Z',
      level: 'error',
      logger: 'pay',
      message: 'no answer',
      amount: 4200,
      error: { type: 'TypeError', message: 'no answer', stack },
    },
  ],
  generic: [
    { level: 'dpanic', ts: 1769861047.512, caller: 'pay.go:41', msg: 'payment failed', error: 'no answer' },
    {
      timestamp: '2026-01-31T12:04:07.512Z',
      level: 'critical',
      message: 'payment failed',
      caller: 'pay.go:41',
      error: { type: 'Error', message: 'no answer' },
    },
  ],
}

test.each(formatNames)('a line of %s is known and read as ours, in our order', (name) => {
  const [given, wanted] = lines[name]
  const format = formatOf(given)
  expect(format?.name).toBe(name)
  const [line] = format?.normalise(given, createRequests()) ?? []
  expect(line).toEqual(wanted)
  expect(Object.keys(line ?? {})).toEqual(Object.keys(wanted))
})

function read(entry: Entry, requests = createRequests()): Entry[] {
  return formatOf(entry)?.normalise(entry, requests) ?? []
}

test('an OTLP envelope is as many lines as it has records', () => {
  const record = (text: string) => ({ timeUnixNano: '1544712660300000000', body: { stringValue: text } })
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }
  const lines = read({
    resourceLogs: [
      { resource, scopeLogs: [{ scope: { name: 'pay' }, logRecords: [record('a'), record('b')] }] },
      { scopeLogs: [{ logRecords: [record('c')] }] },
    ],
  })
  expect(lines.map(({ event, logger, service }) => [event, logger, service])).toEqual([
    ['a', 'pay', 'shop'],
    ['b', 'pay', 'shop'],
    ['c', undefined, undefined],
  ])
})

describe('requests', () => {
  const base = { level: 30, time: 1769861047512, pid: 1, hostname: 'h' }

  test("pino-http's end is our event with its fields", () => {
    const [line] = read({
      ...base,
      req: { id: 3, method: 'GET', url: '/pay/7', headers: { host: 'x' } },
      res: { statusCode: 200 },
      responseTime: 12,
      msg: 'request completed',
    })
    expect(line).toMatchObject({
      event: 'request_completed',
      request_id: '3',
      method: 'GET',
      path: '/pay/7',
      status: 200,
      duration_ms: 12,
    })
    expect(line).not.toHaveProperty('req')
  })

  test("Fastify names method and path at a request's beginning alone", () => {
    const requests = createRequests()
    const req = { method: 'POST', url: '/pay', remoteAddress: '10.0.0.1' }
    read({ ...base, reqId: 'req-1', req, msg: 'incoming request' }, requests)
    const end = {
      ...base,
      reqId: 'req-1',
      res: { statusCode: 503 },
      responseTime: 5,
      msg: 'request completed',
    }
    expect(read(end, requests)[0]).toMatchObject({
      event: 'request_failed',
      method: 'POST',
      path: '/pay',
      status: 503,
    })
    expect(read(end, requests)[0]).toMatchObject({ message: 'request completed', status: 503 })
  })
})

test('prose is a message, a name an event', () => {
  expect(read({ level: 'info', message: 'one\ntwo' })[0]).toEqual({ level: 'info', message: 'one\ntwo' })
  expect(read({ level: 'info', message: 'disk.low' })[0]).toEqual({ level: 'info', event: 'disk.low' })
})

test('a field named like the head keeps its value under another name', () => {
  const [line] = read({
    level: 'info',
    msg: 'a',
    time: 1769861047512,
    event: 'b',
    timestamp: 'c',
    __proto__: null,
    ...JSON.parse('{"__proto__":1}'),
  })
  expect(line).toMatchObject({ event: 'a', event_: 'b', timestamp_: 'c' })
})

test('an error text with frames nobody knows is shown, not lost', () => {
  const text = 'goroutine 1 [running]:\nmain.pay()\n\t/srv/pay.go:41 +0x1d'
  expect(JSON.stringify(read({ level: 'error', msg: 'a', stacktrace: text })[0]?.error)).toContain(
    'pay.go:41',
  )
})

test("Python's traceback with its causes is a tree", () => {
  const exception =
    'Traceback (most recent call last):\n  File "pay.py", line 2, in charge\n    raise KeyError("a")\nKeyError: \'a\'\n\n' +
    'The above exception was the direct cause of the following exception:\n\n' +
    'Traceback (most recent call last):\n  File "main.py", line 9, in <module>\n    pay()\n  File "pay.py", line 5, in pay\n    x\nValueError: bad payment'
  expect(read({ event: 'e', level: 'error', exception })[0]?.error).toEqual({
    type: 'ValueError',
    message: 'bad payment',
    stack: '    at pay (pay.py:5:1)\n    at <module> (main.py:9:1)',
    cause: { type: 'KeyError', message: "'a'", stack: '    at charge (pay.py:2:1)' },
  })
})
