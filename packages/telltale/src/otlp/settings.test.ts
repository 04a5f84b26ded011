import { beforeEach, describe, expect, it, vi } from 'vitest'
import { reportOnce } from '../self/report.js'
import { Environment } from './environment.js'
import type { OtlpOptions } from './options.js'
import { type Settings, settingsOf } from './settings.js'

vi.mock(import('../self/report.js'), () => ({ reportOnce: vi.fn<typeof reportOnce>() }))
const said = vi.mocked(reportOnce)
beforeEach(() => said.mockClear())

const all = 'http://collector:4318'
const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: all }

const of = (env: NodeJS.ProcessEnv, options: OtlpOptions = {}): Settings =>
  settingsOf(options, new Environment(env))
const urls = (settings: Settings): (string | undefined)[] =>
  [settings.traces, settings.logs, settings.metrics].map((target) => target?.url.href)

const base = ['http://collector:4318/v1/traces', 'http://collector:4318/v1/logs', undefined]

describe('where each signal goes: traces, logs, metrics', () => {
  it.each<[string, NodeJS.ProcessEnv, OtlpOptions, (string | undefined)[]]>([
    ['nowhere', {}, {}, [undefined, undefined, undefined]],
    [
      'nowhere by an empty value',
      { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' },
      {},
      [undefined, undefined, undefined],
    ],
    ['one for all', endpoint, {}, base],
    ['by option', {}, { endpoint: all }, base],
    [
      'the option over the environment',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://b', OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://c' },
      { endpoint: all },
      base,
    ],
    [
      'with a path',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c/otlp/' },
      {},
      ['https://c/otlp/v1/traces', 'https://c/otlp/v1/logs', undefined],
    ],
    [
      'with a query',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c/?key=1' },
      {},
      ['https://c/v1/traces?key=1', 'https://c/v1/logs?key=1', undefined],
    ],
    [
      'its own as it is',
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:1/in' },
      {},
      ['http://c:1/in', undefined, undefined],
    ],
    [
      'its own over the one for all',
      { ...endpoint, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://c' },
      {},
      [base[0], 'http://c/', undefined],
    ],
    ['its own that is none', { ...endpoint, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'c:80' }, {}, base],
    [
      'metrics by their endpoint',
      { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://c/m' },
      {},
      [undefined, undefined, 'http://c/m'],
    ],
    [
      'metrics by their exporter',
      { ...endpoint, OTEL_METRICS_EXPORTER: 'otlp' },
      {},
      [base[0], base[1], `${all}/v1/metrics`],
    ],
    ['metrics by option', endpoint, { metrics: true }, [base[0], base[1], `${all}/v1/metrics`]],
    ['without logs', { ...endpoint, OTEL_LOGS_EXPORTER: 'none' }, {}, [base[0], undefined, undefined]],
    ['logs by option all the same', { ...endpoint, OTEL_LOGS_EXPORTER: 'none' }, { logs: true }, base],
    ['without traces', endpoint, { traces: false }, [undefined, base[1], undefined]],
    ['an exporter of several', { ...endpoint, OTEL_TRACES_EXPORTER: 'console, otlp' }, {}, base],
    ['an exporter that is not here', { ...endpoint, OTEL_TRACES_EXPORTER: 'zipkin' }, {}, base],
    [
      'disabled',
      { ...endpoint, OTEL_SDK_DISABLED: 'TRUE' },
      { traces: true },
      [undefined, undefined, undefined],
    ],
    ['not disabled', { ...endpoint, OTEL_SDK_DISABLED: 'false' }, {}, base],
    [
      'not by gRPC',
      { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      {},
      [undefined, undefined, undefined],
    ],
    [
      'one not by gRPC',
      { ...endpoint, OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'grpc' },
      {},
      [base[0], undefined, undefined],
    ],
    [
      'by option, though the environment says gRPC',
      { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      { protocol: 'http/json' },
      base,
    ],
  ])('%s', (_name, env, options, expected) => {
    expect(urls(of(env, options))).toEqual(expected)
  })
})

describe('how traces are sent', () => {
  const defaults = {
    protocol: 'http/protobuf',
    gzip: false,
    headers: {},
    timeoutMs: 10_000,
    exportTimeoutMs: 30_000,
    delayMs: 5000,
    maxBatch: 512,
    maxQueue: 8_388_608,
    maxItems: 2048,
    tls: {},
    tlsFiles: {},
  }
  const pre = 'OTEL_EXPORTER_OTLP_'
  it.each<[string, NodeJS.ProcessEnv, OtlpOptions, object]>([
    ['the defaults', {}, {}, {}],
    ['JSON', { [`${pre}PROTOCOL`]: 'http/json' }, {}, { protocol: 'http/json' }],
    [
      'JSON for traces',
      { [`${pre}PROTOCOL`]: 'http/protobuf', [`${pre}TRACES_PROTOCOL`]: 'http/json' },
      {},
      { protocol: 'http/json' },
    ],
    ['gzip', { [`${pre}COMPRESSION`]: 'gzip' }, {}, { gzip: true }],
    ['no gzip by option', { [`${pre}COMPRESSION`]: 'gzip' }, { gzip: false }, {}],
    ['no gzip for traces', { [`${pre}COMPRESSION`]: 'gzip', [`${pre}TRACES_COMPRESSION`]: 'none' }, {}, {}],
    ['headers', { [`${pre}HEADERS`]: 'api-key=a%20b , x=1,' }, {}, { headers: { 'api-key': 'a b', x: '1' } }],
    [
      'headers of their own',
      { [`${pre}HEADERS`]: 'a=1', [`${pre}TRACES_HEADERS`]: 'b=2' },
      {},
      { headers: { b: '2' } },
    ],
    ['headers by option', { [`${pre}HEADERS`]: 'a=1' }, { headers: { c: '3' } }, { headers: { c: '3' } }],
    ['timeout', { [`${pre}TIMEOUT`]: '500', [`${pre}LOGS_TIMEOUT`]: '1' }, {}, { timeoutMs: 500 }],
    ['timeout by option', { [`${pre}TIMEOUT`]: '500' }, { timeoutMs: 7 }, { timeoutMs: 7 }],
    [
      'batching',
      {
        OTEL_BSP_MAX_QUEUE_SIZE: '9',
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '3',
        OTEL_BSP_SCHEDULE_DELAY: '4',
        OTEL_BSP_EXPORT_TIMEOUT: '5',
      },
      {},
      { maxItems: 9, maxBatch: 3, delayMs: 4, exportTimeoutMs: 5 },
    ],
    [
      'batching by option',
      { OTEL_BSP_MAX_QUEUE_SIZE: '9', OTEL_BSP_SCHEDULE_DELAY: '4' },
      { maxQueueSpans: 8, maxQueueChars: 7, maxBatch: 2, scheduleDelayMs: 1, exportTimeoutMs: 6 },
      { maxItems: 8, maxQueue: 7, maxBatch: 2, delayMs: 1, exportTimeoutMs: 6 },
    ],
    [
      'batches that are no larger than the queue',
      {},
      { maxQueueSpans: 100 },
      { maxItems: 100, maxBatch: 100 },
    ],
    [
      'files',
      { [`${pre}CERTIFICATE`]: '/ca', [`${pre}CLIENT_KEY`]: '/k', [`${pre}TRACES_CLIENT_CERTIFICATE`]: '/c' },
      {},
      { tlsFiles: { ca: '/ca', key: '/k', cert: '/c' } },
    ],
    ['PEM texts', {}, { tls: { ca: 'pem' } }, { tls: { ca: 'pem' } }],
  ])('%s', (_name, env, options, differing) => {
    expect(of({ ...endpoint, ...env }, options).traces).toMatchObject({ ...defaults, ...differing })
    expect(said).not.toHaveBeenCalled()
  })
})

it('sends lines sooner, in bounds of their own', () => {
  expect(of(endpoint).logs).toMatchObject({
    delayMs: 1000,
    maxBatch: 512,
    maxQueue: 8_388_608,
    maxItems: Infinity,
  })
  const env = {
    ...endpoint,
    OTEL_BLRP_MAX_QUEUE_SIZE: '9',
    OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '3',
    OTEL_BLRP_SCHEDULE_DELAY: '4',
    OTEL_BLRP_EXPORT_TIMEOUT: '5',
  }
  expect(of(env).logs).toMatchObject({ delayMs: 4, maxBatch: 3, maxItems: 9, exportTimeoutMs: 5 })
  expect(of(endpoint, { maxQueueChars: 7 }).logs).toMatchObject({ maxQueue: 7 })
})

it('sends metrics by the minute', () => {
  const asked = { ...endpoint, OTEL_METRICS_EXPORTER: 'otlp' }
  expect(of(asked).metrics).toMatchObject({ intervalMs: 60_000, exportTimeoutMs: 30_000 })
  const env = { ...asked, OTEL_METRIC_EXPORT_INTERVAL: '9', OTEL_METRIC_EXPORT_TIMEOUT: '8' }
  expect(of(env).metrics).toMatchObject({ intervalMs: 9, exportTimeoutMs: 8 })
  expect(of(env, { metricsIntervalMs: 7 }).metrics).toMatchObject({ intervalMs: 7 })
})

describe('a bad value', () => {
  const secret = 'S3cretValue'
  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', `${secret}:4318`],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', `ftp://${secret}`],
    ['OTEL_EXPORTER_OTLP_HEADERS', `no pair ${secret}`],
    ['OTEL_EXPORTER_OTLP_HEADERS', `bad header=${secret}`],
    ['OTEL_EXPORTER_OTLP_HEADERS', `a=${secret}%0d%0ab: c`],
    ['OTEL_EXPORTER_OTLP_HEADERS', `a=${secret}%zz`],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', secret],
    ['OTEL_EXPORTER_OTLP_COMPRESSION', secret],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', secret],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '-1'],
    ['OTEL_TRACES_EXPORTER', secret],
    ['OTEL_SDK_DISABLED', secret],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '0'],
    ['OTEL_BSP_SCHEDULE_DELAY', '1e99'],
  ])('of %s is said by its name alone, and the default is taken', (name, value) => {
    const settings = of({ OTEL_EXPORTER_OTLP_ENDPOINT: all, [name]: value })
    if (name !== 'OTEL_EXPORTER_OTLP_ENDPOINT') expect(settings.traces).toEqual(of(endpoint).traces)
    expect(said.mock.calls.some(([, text]) => text.startsWith(`${name} must be `))).toBe(true)
    expect(said.mock.calls.flat().join()).not.toContain(secret)
  })

  it('gRPC is said with what to do', () => {
    of({ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })
    expect(said.mock.calls.map(([, text]) => text)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^no traces are sent: .*http\/protobuf.*4318/) as string,
      ]),
    )
  })
})
