import { describe, expect, it } from 'vitest'
import { createConsoleRenderer } from './console.js'

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
      12:04:07.604  crit         db            connection_lost    host=10.0.0.7
                                 pool={size: 10, waiting: [1, 2]}"
    `)
  })
})
