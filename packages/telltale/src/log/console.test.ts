import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createConsoleRenderer } from './console.js'
import { cells } from './console/width.js'

const cwd = process.cwd()
/** In local time, so that the expected text is the same in every time zone. */
const at = (ms: number) => new Date(2026, 2, 1, 12, 4, 7, ms).toISOString()
const common = { service: 'assessments', version: '1.4.0', environment: 'production', instance: 'host-1' }
const ids = { trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) }

function line(ms: number, level: string, logger: string, event: string, fields: object = {}): string {
  return JSON.stringify({ timestamp: at(ms), level, logger, event, ...common, ...fields })
}

function inRequest(id: string, method: string, path: string, fields: object = {}): object {
  return { request_id: id, ...ids, method, path, ...fields }
}

function render(line: string, width = 120): string {
  return createConsoleRenderer({ color: false, width })(line)
}

const paymentError = {
  type: 'PaymentError',
  message: 'gateway did not answer within 800 ms',
  code: 'GATEWAY_TIMEOUT',
  stack: [
    'PaymentError: gateway did not answer within 800 ms',
    `    at charge (file://${cwd}/src/payments.ts:41:11)`,
    '    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
    `    at async payHandler (${cwd}/src/routes/pay.ts:18:5)`,
    `    at preHandler (${cwd}/node_modules/fastify/lib/hooks.js:1:1)`,
    `    at run (${cwd}/node_modules/fastify/lib/hooks.js:2:2)`,
  ].join('\n'),
  cause: { type: 'ConnectTimeoutError', message: 'connect timed out', code: 'UND_ERR_CONNECT_TIMEOUT' },
}
const first = (fields?: object) => inRequest('9f3c5d7721aa0b11', 'POST', '/assessments', fields)
const second = (fields?: object) => inRequest('41aa02c8d1e2f301', 'POST', '/assessments/a_204/pay', fields)
const retake = (fields: object) =>
  inRequest('c07e9911aabbccdd', 'POST', '/retakes', {
    flow_id: 'retake_1a2b3c4d5e6f',
    flow: 'retake',
    ...fields,
  })

const retakeSteps = [
  { step: 'load_completed', outcome: 'completed', duration_ms: 4, attempts: 1 },
  { step: 'clear_answers', outcome: 'failed', duration_ms: 1011, attempts: 3 },
]

const scene = [
  line(512, 'info', 'assessments', 'assessment_started', first({ user_id: 'u_18', assessment_id: 'a_204' })),
  line(
    530,
    'warning',
    'assessments',
    'save_answer_skipped',
    first({ reason: 'invalid_question', question_id: 'q_9' }),
  ),
  line(
    588,
    'error',
    'payments',
    'payment_failed',
    second({ amount: 4200, currency: 'EUR', error: paymentError }),
  ),
  line(
    590,
    'error',
    'http',
    'request_failed',
    second({ route: '/assessments/:id/pay', status: 502, duration_ms: 812.4 }),
  ),
  line(
    595,
    'info',
    'http',
    'request_completed',
    first({ route: '/assessments', status: 201, duration_ms: 83 }),
  ),
  line(
    601,
    'debug',
    'flow',
    'retake_flow_step',
    retake({ step: 'clear_answers', step_index: 2, progress: '2/3', duration_ms: 11 }),
  ),
  line(
    602,
    'warning',
    'flow',
    'retake_flow_failed',
    retake({
      duration_ms: 1022,
      progress: '1/3',
      steps: retakeSteps,
      last_step: 'clear_answers',
      error: { type: 'DatabaseError', message: 'deadlock detected', code: '40P01' },
      error_seen: true,
    }),
  ),
  line(604, 'critical', 'db', 'connection_lost', { host: '10.0.0.7', pool: { size: 10, waiting: [1, 2] } }),
]

describe('a scene', () => {
  it('reads well at 120 columns', () => {
    const renderLine = createConsoleRenderer({ color: false, width: 120 })
    expect(scene.map(renderLine).join('\n')).toMatchInlineSnapshot(`
      "12:04:07.512  info   9f3c  assessments   assessment_started    user_id=u_18 assessment_id=a_204
      12:04:07.530  warn   9f3c  assessments   save_answer_skipped   reason=invalid_question question_id=q_9
      12:04:07.588  error  41aa  payments      payment_failed        amount=4200 currency=EUR
                    PaymentError: gateway did not answer within 800 ms   GATEWAY_TIMEOUT
                      charge      src/payments.ts:41:11
                      payHandler  src/routes/pay.ts:18:5    (+2 in node_modules, 1 in node)
                    └ caused by ConnectTimeoutError: connect timed out   UND_ERR_CONNECT_TIMEOUT
      12:04:07.590  error  41aa  http          POST /assessments/:id/pay → 502   812 ms   id=a_204 request_id=41aa02c8d1e2f301
      12:04:07.595  info   9f3c  http          POST /assessments → 201   83 ms
      12:04:07.601  debug  c07e  flow          retake    ●●○ clear_answers   2/3   11 ms
      12:04:07.602  warn   c07e  flow          retake    ●✗○ failed at clear_answers   1/3   1 s   load_completed 4 ms
                                                 · clear_answers 1 s ×3   DatabaseError: deadlock detected  40P01
                                                 flow_id=retake_1a2b3c4d5e6f
      12:04:07.604  crit         db            connection_lost       host=10.0.0.7 pool={size: 10, waiting: [1, 2]}"
    `)
  })

  it('reads well at 80 columns', () => {
    const renderLine = createConsoleRenderer({ color: false, width: 80 })
    expect(scene.map(renderLine).join('\n')).toMatchInlineSnapshot(`
      "12:04:07.512  info   9f3c  assessments   assessment_started  user_id=u_18
                                 assessment_id=a_204
      12:04:07.530  warn   9f3c  assessments   save_answer_skipped
                                 reason=invalid_question question_id=q_9
      12:04:07.588  error  41aa  payments      payment_failed     amount=4200
                                 currency=EUR
                    PaymentError: gateway did not answer within 800 ms
                      GATEWAY_TIMEOUT
                      charge      src/payments.ts:41:11
                      payHandler  src/routes/pay.ts:18:5
                        (+2 in node_modules, 1 in node)
                    └ caused by ConnectTimeoutError: connect timed out
                        UND_ERR_CONNECT_TIMEOUT
      12:04:07.590  error  41aa  http          POST /assessments/:id/pay → 502
                                 812 ms   id=a_204 request_id=41aa02c8d1e2f301
      12:04:07.595  info   9f3c  http          POST /assessments → 201   83 ms
      12:04:07.601  debug  c07e  flow          retake    ●●○ clear_answers   2/3
                                 11 ms
      12:04:07.602  warn   c07e  flow          retake    ●✗○ failed at clear_answers
                                 1/3   1 s   load_completed 4 ms
                                 · clear_answers 1 s ×3
                                 DatabaseError: deadlock detected  40P01
                                 flow_id=retake_1a2b3c4d5e6f
      12:04:07.604  crit         db            connection_lost    host=10.0.0.7
                                 pool={size: 10, waiting: [1, 2]}"
    `)
  })
})

describe('fields', () => {
  it('hides what every line repeats, and method and path inside a request', () => {
    const text = render(
      line(0, 'info', 'a', 'b', inRequest('9f3c5d7721aa0b11', 'GET', '/x', { user_id: 'u_1' })),
    )
    expect(text).toMatch(/ {2}b +user_id=u_1$/)
  })

  it("shows a path that is not the request's own", () => {
    const renderLine = createConsoleRenderer({ color: false, width: 200 })
    renderLine(line(0, 'info', 'a', 'b', inRequest('9f3c5d7721aa0b11', 'GET', '/x')))
    const text = renderLine(
      line(0, 'info', 'a', 'b', inRequest('9f3c5d7721aa0b11', 'GET', '/tmp/report.pdf')),
    )
    expect(text).toContain('path=/tmp/report.pdf')
  })

  it('shows method and path outside requests', () => {
    expect(render(line(0, 'info', 'a', 'b', { method: 'GET', path: '/x' }))).toContain('method=GET path=/x')
  })

  it('writes a duration for a person, first', () => {
    const text = render(line(0, 'debug', 'db', 'query_executed', { duration_ms: 2410, rows: 3 }))
    expect(text).toMatch(/query_executed +2.4 s {3}rows=3$/)
  })

  it('keeps a duration_ms that is no number', () => {
    expect(render(line(0, 'info', 'a', 'b', { duration_ms: 'long' }))).toContain('duration_ms=long')
  })

  it('keeps the step a line was raised in, not its index', () => {
    const text = render(line(0, 'info', 'a', 'b', { flow_id: 'f-0123456789ab', step: 'load', step_index: 1 }))
    expect(text).toMatch(/b +step=load$/)
  })

  it('cuts a long value to the width and wraps it under the fields', () => {
    const text = render(line(0, 'info', 'a', 'b', { blob: 'x'.repeat(5000), next: 1 }), 80)
    const lines = text.split('\n')
    expect(lines.length).toBe(3)
    expect(lines.every((one) => one.length <= 80)).toBe(true)
    expect(text).toMatch(/x… next=1$/)
  })

  it('cuts a value to 500 characters where the width has no limit', () => {
    const text = render(line(0, 'info', 'a', 'b', { blob: 'x'.repeat(5000) }), Infinity)
    expect(text).toMatch(/blob=x{499}…$/)
  })
})

describe('context', () => {
  it('is dim once a line of its request has said it', () => {
    const draw = createConsoleRenderer({ color: true, width: 120 })
    const text = (fields: object) => draw(line(0, 'info', 'a', 'b', first(fields)))
    expect(text({ user_id: 'u_1' })).toContain('user_id=\u001b[0mu_1')
    expect(text({ user_id: 'u_1' })).toContain('user_id=\u001b[0m\u001b[2mu_1')
    expect(text({ user_id: 'u_2' })).toContain('user_id=\u001b[0mu_2')
    // eslint-disable-next-line no-control-regex
    expect(text({ user_id: 'u_1', score: 2 }).replaceAll(/\u001b\[[\d;]+m/g, '')).toMatch(
      / score=2 user_id=u_1$/,
    )
  })
})

describe('columns', () => {
  it('never move back, and never past their bounds', () => {
    const renderLine = createConsoleRenderer({ color: false, width: 120 })
    const column = (logger: string, event: string) =>
      renderLine(line(0, 'info', logger, event, { k: 1 })).indexOf('k=1')
    const start = column('db', 'saved')
    const wide = column('assessments', 'assessment_started')
    expect(wide).toBeGreaterThan(start)
    expect(column('db', 'saved')).toBe(wide)
    column('a'.repeat(90), 'e'.repeat(90))
    expect(column('db', 'saved')).toBe(27 + 16 + 2 + 26 + 2)
  })

  it('ask for the width at each line', () => {
    let width = 200
    const renderLine = createConsoleRenderer({ color: false, width: () => width })
    const text = line(0, 'info', 'a', 'b', { one: 'x'.repeat(40), two: 'y'.repeat(40) })
    expect(renderLine(text)).not.toContain('\n')
    width = 80
    expect(renderLine(text)).toContain('\n')
  })
})

describe('errors', () => {
  it('are one line where they were written before', () => {
    const error = { type: 'PaymentError', message: 'no answer', code: 'GATEWAY_TIMEOUT' }
    const text = render(line(0, 'error', 'a', 'b', { error, error_seen: true, error_fingerprint: 'f' }))
    expect(text).toMatch(/b +PaymentError: no answer {2}GATEWAY_TIMEOUT$/)
  })

  it('stay a field where they are no error object', () => {
    expect(render(line(0, 'error', 'a', 'b', { error: 'nope' }))).toContain('error=nope')
    expect(render(line(0, 'error', 'a', 'b', { error: { a: 1 } }))).toContain('error={a: 1}')
  })
})

describe('what the log adds', () => {
  it.each([
    [
      'info',
      'db',
      'query_executed',
      { rows: 3, recorded: true, duration_ms: 4 },
      '12:04:07.000↺ info         db        query_executed    4 ms   rows=3',
    ],
    [
      'warning',
      'log',
      'events_suppressed',
      { event_: 'poll_done', count: 12_045 },
      '12:04:07.000  warn         log       events_suppressed     poll_done ×12,045',
    ],
    [
      'warning',
      'log',
      'log_lines_dropped',
      { count: 1, debug: 1 },
      '12:04:07.000  warn         log       log_lines_dropped     1 line   debug=1',
    ],
    [
      'info',
      'log',
      'log_level_changed',
      { from: 'info', to: 'info,db=debug', until: at(0) },
      '12:04:07.000  info         log       log_level_changed     info → info,db=debug until 12:04:07',
    ],
    [
      'info',
      'a',
      'saved',
      { id: 7, file: `file://${cwd}/src/save.ts`, line: 41, function: 'save' },
      '12:04:07.000  info         a         saved             id=7   src/save.ts:41 save',
    ],
    [
      'warning',
      'process',
      'process_warning',
      { name: 'DeprecationWarning', message: 'url.parse() is old', code: 'DEP0169', pid: 3 },
      '12:04:07.000  warn         process   process_warning   DeprecationWarning: url.parse() is old   DEP0169   pid=3',
    ],
    [
      'info',
      'console',
      'console',
      { message: 'ready on "3000"', port: 3000 },
      '12:04:07.000  info         console   ready on "3000"   port=3000',
    ],
    [
      'info',
      'app',
      'log',
      { message: 'one\ntwo' },
      '12:04:07.000  info         app       one\\n\n                                     two',
    ],
    [
      'info',
      'app',
      'log',
      { event_: 'x' },
      '12:04:07.000  info         app       log               event_=x',
    ],
    [
      'info',
      'app',
      'saved',
      { message: 'as is' },
      '12:04:07.000  info         app       saved             message="as is"',
    ],
    [
      'warning',
      'process',
      'process_warning',
      { name: 'Old', code: 'D1', detail: 'd', error: { type: 'Old', message: 'm', code: 'D1' } },
      '12:04:07.000  warn         process   process_warning   detail=d   Old: m  D1',
    ],
  ])('%s %s %s %j', (level, logger, event, fields, text) => {
    expect(render(line(0, level, logger, event, fields))).toBe(text)
  })

  it('is a stack without an error, as a tree', () => {
    const text = render(line(0, 'info', 'a', 'b', { n: 1, stack: paymentError.stack }))
    expect(text.split('\n').slice(1)).toEqual([
      '                charge      src/payments.ts:41:11',
      '                payHandler  src/routes/pay.ts:18:5    (+2 in node_modules, 1 in node)',
    ])
    expect(render(line(0, 'info', 'a', 'b', { stack: 'blue' }))).toContain('stack=blue')
  })

  it('is a stack before the error it came with', () => {
    const stack = `    at log (${cwd}/src/log.ts:1:1)`
    const rows = render(line(0, 'error', 'a', 'b', { stack, error: paymentError })).split('\n')
    expect(rows.slice(1, 3)).toEqual([
      '                log  src/log.ts:1:1',
      '              PaymentError: gateway did not answer within 800 ms   GATEWAY_TIMEOUT',
    ])
  })

  it('leaves out of a long text in prose what is past forty rows', () => {
    const text = render(line(0, 'info', 'a', 'log', { message: 'x\n'.repeat(100) }))
    expect(text.split('\n').length).toBe(40)
    expect(text.endsWith('x…')).toBe(true)
  })
})

describe('a parsed object', () => {
  it('is drawn as its line is', () => {
    const draw = createConsoleRenderer({ color: false, width: 120 })
    for (const one of scene) expect(draw(JSON.parse(one) as object)).toBe(draw(one))
  })

  it('may be anything', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(createConsoleRenderer({ color: false })(proxy)).toBe('[Throws]')
    expect(createConsoleRenderer({ color: false })({})).toMatch(/^--:--:--\.---  /)
  })
})

describe('what is no entry', () => {
  it.each(['listening on 3000', '    at pay (a.js:1:2)', '[1,2]', '"text"', '{"cut":', 'null', ''])(
    'comes back as it is: %j',
    (text) => {
      expect(render(`${text}\n`)).toBe(text)
    },
  )

  it('comes back escaped', () => {
    expect(render('\u001b[2Jred\u202e\r\nnext\n')).toBe('\\x1b[2Jred\\u202e\\r\\nnext')
  })

  it.each([
    '12:04:07.512  error  9f3c  a  b',
    '\u200d12:04:07.512  error',
    '--:--:--.---  error',
    `${' '.repeat(14)}Error: forged`,
    '\u3000\u3000\u3000 error',
  ])('stands behind a bar where it begins like an entry: %j', (text) => {
    expect(render(text)).toBe(`│ ${text}`)
  })

  it('stands behind a bar where the terminal would break it', () => {
    const rows = render('word '.repeat(60)).split('\n')
    expect(rows.length).toBe(3)
    for (const row of rows) expect(row).toMatch(/^│ word/)
  })
})

describe('a megabyte', () => {
  const big = 2 ** 20
  const deep: unknown = JSON.parse(`${'['.repeat(1000)}${']'.repeat(1000)}`)
  it.each([
    ['a value', { k: 'x y '.repeat(big / 4) }],
    ['a wide value', { k: '日'.repeat(big / 3) }],
    ['marks in a logger', { logger: 'a'.padEnd(big, '\u0301') }],
    ['an event', { event: 'x_flow_'.repeat(big / 7) }],
    ['a key', { ['k '.repeat(big / 2)]: 1 }],
    ["an error's type", { error: { type: 'é '.repeat(big / 2), stack: '' } }],
    ["an error's message", { error: { type: 'E', message: 'é '.repeat(big / 2), stack: '' } }],
    ['frames', { error: { type: 'E', stack: '    at a (b:1:1)\n'.repeat(big / 17) } }],
    ['a frame of colons', { error: { type: 'E', stack: `    at ${':1'.repeat(499)}\n`.repeat(1000) } }],
    ['a frame of brackets', { error: { type: 'E', stack: `    at ${' ('.repeat(499)}\n`.repeat(1000) } }],
    [
      'a path',
      { event: 'request_completed', method: 'GET', route: '/:a'.repeat(big / 3), path: '/x'.repeat(big / 2) },
    ],
    ['prose', { event: 'log', message: 'é\n'.repeat(big / 2) }],
    ['keys', Object.fromEntries(Array.from({ length: 1e5 }, (_, index) => [`key_${index}`, index]))],
    ['levels', { k: deep }],
    ['causes', { error: { type: 'E', stack: '', cause: deep } }],
    ['items', { k: Array.from({ length: big / 2 }, () => 1) }],
  ])('of %s is drawn in a few kilobytes', (_, fields) => {
    const text = JSON.stringify({ timestamp: at(0), level: 'error', logger: 'a', event: 'b', ...fields })
    expect(createConsoleRenderer({ color: true, width: 120 })(text).length).toBeLessThan(20_000)
  })

  it('of what is no entry is drawn whole', () => {
    const text = 'é words '.repeat(big / 8)
    expect(render(text).replaceAll(/\n?│ | /g, '')).toBe(text.replaceAll(' ', ''))
  })
})

// eslint-disable-next-line no-control-regex
const control =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Cs}/u
// eslint-disable-next-line no-control-regex
const ownColour = /\u001b\[[\d;]+m/g

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '\u001b[31m',
    'a\nb',
    '\r',
    '\u2028',
    '\u202e',
    '\u009b2J',
    '\u0000',
    '\u007f',
    '日本語 👩‍👩‍👧',
    '\ud800',
    '12:04:07.512  info',
    '__proto__',
    'a\n12:04:07.512  info   9f3c  a  b',
    '    at a (/srv/a.js:1:2)\n    at b (/srv/b.js:1:2)',
    '\u0301'.repeat(40),
    '\u200d'.repeat(40),
    '❤️⚠️1️⃣🇩🇪👍🏽',
    'नमस्ते สวัสดี ﷽',
    '2026-03-01T12:04:07.512Z',
    '\u{e0041}\u{1f469}',
  ),
  fc.string({ maxLength: 400 }),
)
const value = fc.oneof(
  nasty,
  fc.jsonValue(),
  fc.double(),
  fc.array(nasty, { maxLength: 5 }),
  fc.dictionary(nasty, nasty),
)
const leaf = fc.record(
  {
    type: nasty,
    message: nasty,
    code: fc.oneof(nasty, fc.integer()),
    stack: fc
      .array(nasty)
      .map((frames) => frames.map((frame) => `    at ${frame} (/srv/${frame}.js:1:2)`).join('\n')),
    cause: fc.oneof(nasty, fc.constant(null)),
  },
  { requiredKeys: [] },
)
const nested = fc.record({
  type: nasty,
  message: nasty,
  cause: leaf,
  errors: fc.array(fc.oneof(leaf, nasty)),
})
const error = fc.oneof(
  leaf,
  nested,
  fc.record({ type: nasty, cause: nested, errors: fc.array(nested, { maxLength: 3 }) }),
)
const events = fc.constantFrom(
  'request_completed',
  'request_failed',
  'request_stalled',
  'retake_flow_step',
  'retake_flow_step_failed',
  'retake_flow_failed',
  'log',
  'console',
  'process_warning',
  'events_suppressed',
  'log_lines_dropped',
  'log_level_changed',
)
const known = fc.record(
  {
    ...Object.fromEntries(
      'timestamp level logger request_id flow_id method path route flow step last_step progress duration_ms status message stack name code event_ count from to until file line function recorded'
        .split(' ')
        .map((key) => [key, value]),
    ),
    event: fc.oneof(
      events,
      events.chain((event) => nasty.map((text) => `${text}${event}`)),
      value,
    ),
    steps: fc.array(
      fc.record({ step: nasty, outcome: nasty, duration_ms: fc.double(), attempts: fc.double() }),
    ),
    step_index: fc.oneof(fc.integer(), fc.double()),
    steps_declared: fc.oneof(fc.integer(), fc.double()),
  },
  { requiredKeys: [] },
)
const entry = fc
  .tuple(
    known,
    fc.dictionary(nasty, value),
    fc.oneof(value, fc.record({ error, error_seen: fc.boolean() }, { requiredKeys: [] })),
  )
  .map(([known, others, error]) => JSON.stringify({ ...others, ...known, ...(error as object) }))

function isEntryText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

describe('any line', () => {
  it('never controls the terminal, fakes a line or leaves the width, and reads the same in colour', () => {
    fc.assert(
      fc.property(
        fc.oneof({ arbitrary: entry, weight: 4 }, nasty),
        fc.integer({ min: 80, max: 200 }),
        (text, width) => {
          const drawn = createConsoleRenderer({ color: false, width })(text)
          const coloured = createConsoleRenderer({ color: true, width })(text)
          expect(drawn).not.toMatch(control)
          expect(coloured.replace(ownColour, '')).toBe(drawn)
          const rows = drawn.split('\n')
          for (const row of rows) expect(cells(row)).toBeLessThanOrEqual(width)
          if (isEntryText(text)) expect(rows.shift()).toMatch(/^\S/)
          for (const row of rows) expect(row).toMatch(isEntryText(text) ? /^ {14}/ : /^(?!\d\d:|--:|\s{12})/)
          if (isEntryText(text))
            expect(createConsoleRenderer({ color: false, width })(JSON.parse(text) as object)).toBe(drawn)
        },
      ),
      { numRuns: 500 },
    )
  })
})
