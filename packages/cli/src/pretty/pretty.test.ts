import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable, Writable } from 'node:stream'
import { createConsoleRenderer } from 'telltale/console'
import { expect, onTestFinished, test } from 'vitest'
import { run } from '../cli.js'

async function pretty(input: string | readonly Buffer[], ...args: readonly string[]) {
  const stdin = Readable.from(typeof input === 'string' ? [Buffer.from(input)] : input)
  const [stdout, stderr] = [new PassThrough({ highWaterMark: 1e8 }), new PassThrough()]
  const code = await run(['pretty', ...args], { stdin, stdout, stderr, onInterrupt: () => undefined })
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') }
}

const head = {
  timestamp: '2026-01-31T12:04:07.512000Z',
  level: 'info',
  logger: 'pay',
  event: 'x',
  service: 's',
}
const tail = { version: '1', environment: 'production', instance: 'h' }
const lines = [
  {
    ...head,
    ...tail,
    event: 'payment_started',
    request_id: '9f3c2b1a77e0d4c5',
    method: 'POST',
    path: '/pay',
    amount: 1,
    message: 'hello you',
    user: { id: 7 },
  },
  {
    ...head,
    ...tail,
    level: 'error',
    event: 'payment_failed',
    request_id: '9f3c2b1a77e0d4c5',
    method: 'POST',
    path: '/pay',
    error: {
      type: 'TypeError',
      message: 'no',
      code: 'E1',
      stack: 'TypeError: no\n    at pay (/srv/pay.js:1:2)',
      cause: { type: 'Error', message: 'timed out' },
    },
  },
  {
    ...head,
    ...tail,
    event: 'request_failed',
    request_id: '9f3c2b1a77e0d4c5',
    method: 'POST',
    path: '/pay',
    route: '/pay',
    status: 502,
    duration_ms: 812,
  },
  {
    ...head,
    ...tail,
    event: 'retake_flow_step',
    flow: 'retake',
    flow_id: 'retake-0123456789ab',
    step: 'clear',
    step_index: 2,
    progress: '2/3',
    duration_ms: 11,
  },
]
const ndjson = (objects: readonly object[]) => objects.map((one) => `${JSON.stringify(one)}\n`).join('')

function drawn(color = false): string {
  const render = createConsoleRenderer({ color, width: 100 })
  return lines.map((line) => `${render(JSON.stringify(line))}\n`).join('')
}

test('own lines are drawn byte for byte as the SDK draws them', async () => {
  expect((await pretty(ndjson(lines), '--width=100')).out).toBe(drawn())
  expect((await pretty(ndjson(lines), '--width=100', '--color=always')).out).toBe(drawn(true))
})

test.each([
  ['Datadog', { level: 'status', event: 'message', trace_id: 'dd.trace_id' }],
  [
    'Google Cloud',
    { timestamp: 'time', level: 'severity', event: 'message', trace_id: 'logging.googleapis.com/trace' },
  ],
  [
    'ECS',
    {
      timestamp: '@timestamp',
      level: 'log.level',
      logger: 'log.logger',
      event: 'message',
      service: 'service.name',
      version: 'service.version',
      environment: 'service.environment',
      instance: 'service.node.name',
      request_id: 'http.request.id',
      trace_id: 'trace.id',
      span_id: 'span.id',
    },
  ],
])(
  'own lines with keys renamed for %s are drawn the same',
  async (_platform, keys: Record<string, string>) => {
    const renamed = lines.map((line) =>
      Object.fromEntries(
        Object.entries(line).map(([key, value]) => {
          // As the SDK does where a field's name is taken.
          const isTaken = keys[key] === undefined && Object.values(keys).includes(key)
          return [isTaken ? `${key}_` : (keys[key] ?? key), value]
        }),
      ),
    )
    expect((await pretty(ndjson(renamed), '--width=100')).out).toBe(drawn())
  },
)

test('--level keeps that level and above, whatever its spelling, and what has none', async () => {
  const input =
    '{"level":20,"time":1,"msg":"a"}\n{"level":"WARN","msg":"b"}\n{"level":"fatal","msg":"c"}\n{"level":"odd","msg":"d"}\nplain\n'
  const { out } = await pretty(input, '--level=warn')
  expect(out.match(/\b[abcd]\b|plain/g)).toEqual(['b', 'c', 'd', 'plain'])
})

test('--where keeps the lines for which all hold', async () => {
  const { out } = await pretty(ndjson(lines), '--where=request_id=9f3c', '--where', 'error.code')
  expect(out).toContain('payment_failed')
  expect(out).not.toContain('payment_started')
  const fromOther = '{"level":30,"time":1,"msg":"a","req":{"id":1,"headers":{"host":"here"}}}\nplain\n'
  expect((await pretty(fromOther, '--where=req.headers.host=here')).out).toMatch(/^[^\n]* a[^\n]*\n$/)
})

test('what is no log line passes through, harmless, and never looks like one', async () => {
  const { out } = await pretty(
    'plain\n\n    at pay (a.js:1:2)\n[1]\n\x1b[2J\n12:04:07.512  error  9f3c  fake\n{broken\n',
  )
  expect(out).toBe(
    'plain\n\n    at pay (a.js:1:2)\n[1]\n\\x1b[2J\n│ 12:04:07.512  error  9f3c  fake\n{broken\n',
  )
})

test('lines in parts are put together, and told where they are from', async () => {
  const { out } = await pretty(
    '2026-01-31T12:04:07Z stdout P {"level":30,\n2026-01-31T12:04:07Z stdout F "time":1,"msg":"whole"}\n' +
      'api-1  | {"level":30,"time":1,"msg":"composed"}\n' +
      '{"log":"{\\"level\\":\\"info\\",","stream":"stdout","time":"2026-01-31T12:04:07.5Z"}\n' +
      '{"log":"\\"msg\\":\\"docked\\"}\\n","stream":"stdout","time":"2026-01-31T12:04:07.5Z"}\n',
  )
  expect(out.split('\n')).toEqual([
    expect.stringContaining('whole'),
    expect.stringMatching(/composed +source=api-1/),
    expect.stringMatching(/:04:07\.500 .*docked/),
    '',
  ])
})

test('a line too long to hold shows its beginning', async () => {
  const { out } = await pretty(
    `{"level":"info","message":"large","n":1,"body":"${'x'.repeat(2_000_000)}"}\n{"msg":"next"}\n`,
  )
  expect(out).toMatch(/large +n=1 line_cut="…\(\+\d+ bytes\)"\n.*next\n$/)
})

test.each(['console', 'json', 'logfmt'])(
  'what is nested deeper than the stack is drawn as %s all the same',
  async (format) => {
    const deep = (open: string, close: string) => open.repeat(100_000) + close.repeat(100_000)
    const input = [
      `{"level":"info","message":"x","a":${deep('[', ']')}}`,
      `{"timeUnixNano":"1","body":${'{"arrayValue":{"values":['.repeat(20_000)}${']}}'.repeat(20_000)}}`,
      `{"a":${'[1,'.repeat(600_000)}`,
      '{"level":"info","message":"last"}',
    ].join('\n')
    const { code, out, err } = await pretty(input, `--format=${format}`, '--where=a!=x')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/last"?}?$/)
  },
)

test('an output that fails is not taken for an input that does', async () => {
  const stdout = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error('full'), { code: 'ENOSPC' })),
  })
  const stderr = new PassThrough()
  const terminal = {
    stdin: Readable.from([Buffer.from('a\n'), Buffer.from('b\n')]),
    stdout,
    stderr,
    onInterrupt: () => undefined,
  }
  await expect(run(['pretty'], terminal)).rejects.toThrow(/can't write: ENOSPC/)
  expect(stderr.read()).toBeNull()
})

test('characters cut between chunks are whole', async () => {
  const bytes = Buffer.from('{"msg":"größe 🙂"}\n')
  const { out } = await pretty(Array.from(bytes, (byte) => Buffer.from([byte])))
  expect(out).toMatch(/ größe 🙂\n$/)
})

test('--format=json writes every line as ours', async () => {
  const { out } = await pretty(
    '{"level":40,"time":1769861047512,"msg":"a\\u009b","x":"\\u202e"}\nplain\n',
    '--format=json',
  )
  expect(out).not.toMatch(/[\u0080-\u009f\u202e]/)
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { timestamp: '2026-01-31T12:04:07.512Z', level: 'warning', event: 'a\x9b', x: '\u202e' },
    { message: 'plain' },
  ])
})

test('--format=logfmt writes every line as keys and values', async () => {
  const { out } = await pretty(
    '{"level":40,"time":1769861047512,"msg":"two words"}\nplain\n',
    '--format=logfmt',
  )
  expect(out).toBe('timestamp=2026-01-31T12:04:07.512Z level=warning message="two words"\nmessage=plain\n')
})

test('files in their order; one that is not there is said, and the exit code tells', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-pretty-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [a, b] = [join(folder, 'a'), join(folder, 'b')]
  writeFileSync(a, '{"msg":"first"}\n{"msg":"unfinished"}')
  writeFileSync(b, '{"msg":"second"}\n')
  const { code, out, err } = await pretty('', a, join(folder, 'none'), b)
  expect(out.match(/\w+/g)).toEqual(['first', 'unfinished', 'second'])
  expect(err).toMatch(/can't read .*none: no such file\n$/)
  expect(code).toBe(1)
})
