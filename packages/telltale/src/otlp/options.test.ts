import { describe, expect, it } from 'vitest'
import { checkOtlp } from './options.js'

const secret = 'S3cretKey'

describe('checkOtlp', () => {
  it.each([
    [{}],
    [{ endpoint: 'http://localhost:4318', headers: { authorization: 'Bearer x' } }],
    [{ endpoint: 'https://user:pass@collector/path?key=1' }],
    [{ traces: true, logs: false, metrics: true, gzip: true, keepOnError: false, protocol: 'http/json' }],
    [{ tracesSampleRate: 0 }],
    [{ tracesSampleRate: 1, timeoutMs: 1, exportTimeoutMs: 1, scheduleDelayMs: 1, metricsIntervalMs: 1 }],
    [{ maxBatch: 1, maxQueueSpans: 1, maxQueueChars: 1 }],
    [{ tls: { ca: 'pem', cert: 'pem', key: 'pem' } }],
    [{ endpoint: undefined, tls: undefined }],
  ])('accepts %j', (options) => {
    expect(() => checkOtlp(options)).not.toThrow()
  })

  it.each([
    [5, 'setup(): otlp must be an object with endpoint, headers, traces'],
    [null, 'got null.'],
    [['http://c'], 'got an array.'],
    [{ endpiont: 'http://c' }, 'setup(): otlp.endpiont is not an option; otlp takes endpoint, headers,'],
    [
      { endpoint: 'localhost:4318' },
      'setup(): otlp.endpoint must be a URL that begins with http:// or https://, got',
    ],
    [{ endpoint: '' }, 'got a string that is none.'],
    [{ endpoint: 4318 }, 'got a number that is none.'],
    [{ headers: { 'a b': 'c' } }, 'setup(): otlp.headers must be an object of header names and their values'],
    [{ headers: { a: 'b\r\nc: d' } }, 'otlp.headers'],
    [{ headers: { a: 5 } }, 'otlp.headers'],
    [{ headers: ['a'] }, 'otlp.headers'],
    [{ traces: 'yes' }, 'setup(): otlp.traces must be true or false, got string "yes".'],
    [
      { tracesSampleRate: 1.5 },
      'setup(): otlp.tracesSampleRate must be a number from 0 to 1, got number 1.5.',
    ],
    [{ tracesSampleRate: NaN }, 'got number NaN.'],
    [
      { protocol: 'grpc' },
      `setup(): otlp.protocol must be 'http/protobuf' or 'http/json', got string "grpc".`,
    ],
    [{ timeoutMs: 0 }, 'setup(): otlp.timeoutMs must be a number of milliseconds from 1 to 2147483647'],
    [{ maxBatch: 1.5 }, 'setup(): otlp.maxBatch must be a whole number of at least 1'],
    [{ maxQueueSpans: -1 }, 'otlp.maxQueueSpans'],
    [{ tls: { ca: '' } }, 'setup(): otlp.tls must be an object with ca, cert, key'],
    [{ tls: { pfx: 'x' } }, 'otlp.tls'],
  ])('refuses %j', (options, message) => {
    expect(() => checkOtlp(options)).toThrow(TypeError)
    expect(() => checkOtlp(options)).toThrow(message)
  })

  it('never shows what may be a secret', () => {
    const options = [
      { endpoint: `ftp://user:${secret}@c` },
      { headers: { authorization: `${secret}\n` } },
      { tls: { key: 5, ca: secret } },
    ]
    for (const bad of options)
      expect(() => checkOtlp(bad)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('S3cret') as string }) as Error,
      )
  })
})
