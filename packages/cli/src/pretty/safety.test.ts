import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDraw } from './draw.js'
import { createReader } from './read.js'

const hostile = fc.constantFrom(
  '\x1b[2J\x1b[H',
  '\x1b]0;title\x07',
  '\x9b31m',
  '\r',
  '\n',
  '\r\n12:00:00.000  error  9f3c  pay  faked',
  '\u2028',
  '\u2029',
  '\u0085',
  '\u202e',
  '\u2066',
  '\b\b\b',
  '\x7f',
  '\ud800',
  '__proto__',
)
const text = fc
  .array(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), hostile), { maxLength: 4 })
  .map((parts) => parts.join(''))
const value = fc.oneof(
  text,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 3 }),
  fc.dictionary(text, text, { maxKeys: 3 }),
)
const fields = fc.dictionary(text, value, { maxKeys: 4 })
const error = fc.record({ type: text, name: text, message: text, stack: text, code: text, cause: value })
const time = '2026-01-31T12:04:07.512Z'

// Each with its time fixed, which begins the row; everything else is anything.
const kinds: Record<string, fc.Arbitrary<object>> = {
  own: fc
    .record({
      level: fc.constantFrom('info', 'error'),
      logger: text,
      event: text,
      service: text,
      request_id: text,
      flow: text,
      step: text,
      method: text,
      path: text,
      error,
    })
    .map((line) => ({ ...line, timestamp: time })),
  pino: fc
    .record({
      level: fc.integer(),
      name: text,
      msg: text,
      reqId: text,
      err: error,
      req: fc.record({ method: text, url: text, remoteAddress: text }),
      res: fc.record({ statusCode: value }),
    })
    .map((line) => ({ ...line, time: 1769861047512 })),
  bunyan: fc
    .record({ level: fc.integer(), name: text, msg: text, err: error, src: fields })
    .map((line) => ({ ...line, v: 0, time })),
  winston: fc
    .record({ level: fc.constantFrom('info', 'error'), message: text, stack: text, label: text })
    .map((line) => ({ ...line, timestamp: time })),
  structlog: fc
    .record({
      level: text,
      event: text,
      exception: fc.oneof(
        text,
        fc.array(
          fc.record({
            exc_type: text,
            exc_value: text,
            frames: fc.array(fc.record({ filename: text, name: text, lineno: value })),
          }),
          { maxLength: 3 },
        ),
      ),
    })
    .map((line) => ({ ...line, timestamp: time })),
  ecs: fc
    .record({
      log: fc.record({ level: text, logger: text }),
      message: text,
      error: fc.record({ type: text, message: text, stack_trace: text }),
      trace: fc.record({ id: text }),
    })
    .map((line) => ({ ...line, '@timestamp': time })),
  gcp: fc
    .record({
      severity: text,
      message: text,
      httpRequest: fc.record({ requestMethod: text, requestUrl: text, status: value }),
    })
    .map((line) => ({ ...line, time })),
  datadog: fc
    .record({
      status: fc.constantFrom('warn', 'info'),
      message: text,
      'logger.name': text,
      'error.stack': text,
      'error.kind': text,
    })
    .map((line) => ({ ...line, timestamp: time })),
  otel: fc
    .record({
      severityText: text,
      traceId: text,
      body: fc.record({ stringValue: text }),
      attributes: fc.array(fc.record({ key: text, value: fc.record({ stringValue: text }) })),
    })
    .map((line) => ({ ...line, timeUnixNano: '1769861047512000000' })),
}

// All that may stand in the output beside printable text: our own colours, and line ends.
const colour = /\x1b\[[\d;]*m/g
const control = /(?!\n|\u200c|\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

test.each(Object.keys(kinds))('no line of %s controls the terminal or fakes a row', (kind) => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(kinds[kind]!, fields), { minLength: 1, maxLength: 3 }),
      fc.constantFrom(40, 120),
      fc.boolean(),
      (given, width, color) => {
        const read = createReader()
        const draw = createDraw({ format: 'console', color, width })
        const lines = given.map(([line, more]) => JSON.stringify({ ...more, ...line }))
        const rows = lines.flatMap((line) => read({ text: line, lost: 0 })).map(draw)
        const all = rows.join('\n')
        // Without colours of our own, one from the line would stand out.
        const plain = color ? all.replace(colour, '') : all
        expect(plain).not.toMatch(control)
        // A row begins at the left edge with its time; what belongs to it is indented.
        const heads = plain.split('\n').filter((line) => !/^ {14}/.test(line))
        expect(heads.length).toBe(lines.length)
        for (const line of heads) expect(line).toMatch(/^\d\d:04:07\.512 /)
      },
    ),
    { numRuns: 150 },
  )
})

test('no text that is no log line controls the terminal or fakes a row', () => {
  const row = createDraw({ format: 'console', color: false, width: 100 })
  const read = createReader()
  fc.assert(
    fc.property(
      fc.oneof(
        text,
        text.map((one) => `12:04:07.512  ${one}`),
        text.map((one) => ' '.repeat(14) + one),
      ),
      (line) => {
        const [drawn] = read({ text: line, lost: 0 }).map(row)
        expect(drawn).not.toMatch(control)
        expect(drawn).not.toContain('\n')
        if (!line.startsWith('{')) expect(drawn).not.toMatch(/^(\d\d:\d\d:\d\d\.\d{3} {2}| {12})/)
      },
    ),
  )
})

test('logfmt out is one line without controls', () => {
  const read = createReader()
  const draw = createDraw({ format: 'logfmt', color: false, width: undefined })
  fc.assert(
    fc.property(
      fc.oneof(
        fields.map((one) => JSON.stringify(one)),
        text,
      ),
      (line) => {
        for (const row of read({ text: line, lost: 0 }))
          expect(draw(row)).not.toMatch(/\n|[\p{Cc}\p{Zl}\p{Zp}\u202e]/u)
      },
    ),
  )
})

test('JSON out is one line of valid JSON without controls', () => {
  const read = createReader()
  const draw = createDraw({ format: 'json', color: false, width: undefined })
  fc.assert(
    fc.property(
      fc.oneof(
        fields.map((one) => JSON.stringify(one)),
        text,
      ),
      (line) => {
        for (const row of read({ text: line, lost: 0 })) {
          const drawn = draw(row)
          expect(drawn).not.toMatch(control)
          expect(drawn).not.toContain('\n')
          expect(() => JSON.parse(drawn)).not.toThrow()
        }
      },
    ),
  )
})
