import { spawnSync } from 'node:child_process'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { requireBinary } from '../../../scripts/testing/binaries.mjs'
import { DEMO_PASSWORD } from '../src/seed.js'
import { startBackend, untilReady, type Backend } from './harness/backend.js'
import type { Database } from './harness/database.js'
import { answerAll, start } from './harness/learner.js'

const UNKNOWN = '/assessments/a_unknown'
const CARD = '4242424242424242'
const WRONG_PASSWORD = 'hunter2-but-longer'
const RESET_TOKEN = 'r4ndomResetToken81'
const PAYMENT = { amount: 4200, currency: 'EUR', card_number: CARD, cvv: '917' }
// High, so that every outcome comes within a few tries; seeded, so that it always does.
const UNRELIABLE = { DECLINE_RATE: '0.25', FAIL_RATE: '0.25', TIMEOUT_RATE: '0.25', FAULT_RETAKE_RATE: '0.5' }
const TRIES = 40

/** What every route answers, and what the service tells about it. */
export function describeRoutes(title: string, startDatabase: () => Promise<Database>): void {
  describe(`the service ${title}`, () => {
    let database: Database
    let backend: Backend
    const secrets = [CARD, WRONG_PASSWORD, RESET_TOKEN, DEMO_PASSWORD]
    const call: Backend['call'] = (...request) => backend.call(...request)
    const submissions = (status: string): Promise<number | undefined> =>
      backend.metric('assessment_submissions_total', { skill_area: 'math', status })

    beforeAll(async () => {
      database = await startDatabase()
      backend = await startBackend(database.url, UNRELIABLE)
      await untilReady(backend, 200)
    }, 90_000)
    afterAll(async () => {
      await backend?.stop()
      await database?.stop()
    })

    test('the migrations ran as a flow', () => {
      const events = backend.service.lines.filter((line) => line['flow_id'] !== undefined)
      const names = events.map((line) => line['event'])
      expect(names).toEqual([
        'migrate_flow_started',
        'migration_applied',
        'migration_applied',
        'migration_applied',
        'migration_applied',
        'migrate_flow_completed',
      ])
      expect(new Set(events.map((line) => line['flow_id'])).size).toBe(1)
      expect(events.at(-1)?.['steps']).toMatchObject(
        ['read_applied', '001_tables', '002_seed', '003_payment_status', 'demo_users'].map((step) => ({
          step,
          outcome: 'completed',
        })),
      )
    })

    test('every series of the submissions stands at 0 from the start', async () => {
      for (const skill_area of ['math', 'reading', 'science']) {
        for (const status of ['success', 'validation_error', 'duplicate']) {
          expect(await backend.metric('assessment_submissions_total', { skill_area, status })).toBe(0)
        }
      }
    })

    test('a login gives a session, and neither password nor session is written', async () => {
      const answer = await call('POST', '/login', { user_id: 'u_1', password: DEMO_PASSWORD })
      expect(answer).toMatchObject({ status: 200, body: { session: expect.any(String) } })
      expect(answer.events).toEqual(['user_logged_in'])
      secrets.push(answer.body['session'] as string)
    })

    test('a wrong password and an unknown user are refused alike', async () => {
      for (const user_id of ['u_1', 'u_99']) {
        const answer = await call('POST', '/login', { user_id, password: WRONG_PASSWORD })
        expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_credentials' } })
        expect(answer.events).toEqual(['login_skipped'])
      }
      expect(await backend.metric('logins_total', { status: 'refused' })).toBe(2)
    })

    test('a reset link has expired, and its token is in no line', async () => {
      const answer = await call('GET', `/reset/${RESET_TOKEN}`)
      expect(answer).toMatchObject({ status: 410, body: { error: 'reset_link_expired' } })
      expect(answer.lines.at(-1)).toMatchObject({ event: 'request_completed', route: '/reset/:token' })
    })

    test('what cannot be read is a 400, what has the wrong shape a 422, both said', async () => {
      const unclosed = await call('POST', '/login', `{"user_id":"u_1","password":"${WRONG_PASSWORD}`)
      expect(unclosed).toMatchObject({ status: 400, events: ['request_skipped'] })
      const shapeless = await call('POST', '/login', { password: { is: WRONG_PASSWORD } })
      expect(shapeless).toMatchObject({ status: 422, body: { error: 'validation_error' } })
      expect(shapeless.lines[0]).toMatchObject({ event: 'request_skipped', reason: 'validation_error' })
    })

    test('an assessment starts, is read and listed', async () => {
      const started = await call('POST', '/assessments', { user_id: 'u_3', skill_area: 'science' })
      expect(started.status).toBe(201)
      expect(started.body).toMatchObject({ user_id: 'u_3', skill_area: 'science', status: 'started' })
      expect(started.body['questions']).toHaveLength(5)
      expect(started.body['questions']).not.toContainEqual(
        expect.objectContaining({ correct: expect.anything() }),
      )
      expect(started.lines[0]).toMatchObject({
        level: 'info',
        event: 'assessment_started',
        request_id: started.requestId,
        user_id: 'u_3',
        skill_area: 'science',
        assessment_id: started.body['assessment_id'],
        method: 'POST',
        path: '/assessments',
      })
      const read = await call('GET', `/assessments/${started.body['assessment_id']}`)
      expect(read).toMatchObject({ status: 200, body: { status: 'started', user_id: 'u_3' }, events: [] })
      await call('POST', '/assessments', { user_id: 'u_3', skill_area: 'math' })
      const list = await call('GET', '/users/u_3/assessments?limit=1')
      expect(list).toMatchObject({ status: 200, body: { assessments: [{ skill_area: 'math' }] } })
    })

    test('an assessment does not start for an unknown skill area or user', async () => {
      const area = await call('POST', '/assessments', { user_id: 'u_1', skill_area: 'maths' })
      expect(area).toMatchObject({ status: 422, body: { error: 'validation_error' } })
      const user = await call('POST', '/assessments', { user_id: 'u_none', skill_area: 'math' })
      expect(user).toMatchObject({ status: 404, body: { error: 'user_not_found' } })
      expect(user.lines[0]).toMatchObject({ level: 'warning', event: 'assessment_start_skipped' })
    })

    test('no id in a path is a failure, whatever it holds', async () => {
      for (const id of ['a_unknown', 'a%00b', '%F0%9F%98%80', 'x'.repeat(900)]) {
        const answer = await call('GET', `/assessments/${id}`)
        expect(answer).toMatchObject({ status: 404, body: { error: 'assessment_not_found' } })
        expect(answer.lines.at(-1)).toMatchObject({ route: '/assessments/:id' })
      }
      expect((await call('GET', '/nowhere')).status).toBe(404)
      expect(await call('GET', '/users/u%00/assessments')).toMatchObject({
        status: 200,
        body: { assessments: [] },
      })
    })

    test('answers are saved until the submit; what is not saved is said', async () => {
      const assessment = await start(backend)
      const { path, questions } = assessment
      const question = `${path}/answers/${questions[0]?.question_id}`
      expect(await call('PUT', question, { answer: 'late' })).toMatchObject({
        status: 200,
        body: { saved: true },
      })
      expect(await call('PUT', question, { answer: '56' })).toMatchObject({
        status: 200,
        events: ['answer_saved'],
      })
      const invalid = await call('PUT', `${path}/answers/q_reading_1`, { answer: '56' })
      expect(invalid).toMatchObject({ status: 422, body: { error: 'invalid_question' } })
      expect(invalid.lines[0]).toMatchObject({ event: 'save_answer_skipped', reason: 'invalid_question' })
      expect(await call('PUT', question, { answer: 'a\0b' })).toMatchObject({ status: 422 })
      expect(await call('PUT', `${UNKNOWN}/answers/q_math_1`, { answer: '56' })).toMatchObject({
        status: 404,
      })

      await answerAll(backend, assessment)
      await call('POST', `${path}/submit`)
      const late = await call('PUT', question, { answer: '56' })
      expect(late).toMatchObject({ status: 409, body: { error: 'already_submitted' } })
      expect(late.lines[0]).toMatchObject({ event: 'save_answer_skipped', reason: 'already_submitted' })
    })

    test('a submit is scored and counted once', async () => {
      const before = { success: await submissions('success'), duplicate: await submissions('duplicate') }
      const assessment = await start(backend)
      const early = await call('POST', `${assessment.path}/submit`)
      expect(early).toMatchObject({ status: 422, body: { error: 'unanswered_questions' } })
      expect(early.lines[0]).toMatchObject({ event: 'submit_skipped', answered: 0, questions: 5 })
      await answerAll(backend, assessment)
      await call('PUT', `${assessment.path}/answers/q_math_2`, { answer: '25' })

      const both = await Promise.all([1, 2].map(() => call('POST', `${assessment.path}/submit`)))
      const [first, second] = both.toSorted((a, b) => a.status - b.status)
      expect(first).toMatchObject({ status: 200, body: { score: 3, passed: true, status: 'submitted' } })
      expect(first?.lines[0]).toMatchObject({ event: 'assessment_submitted', score: 3, skill_area: 'math' })
      expect(second).toMatchObject({ status: 409, body: { error: 'already_submitted' } })
      expect(second?.lines[0]).toMatchObject({ level: 'warning', event: 'submit_skipped' })
      expect(await submissions('success')).toBe((before.success ?? 0) + 1)
      expect(await submissions('duplicate')).toBe((before.duplicate ?? 0) + 1)
      expect(await submissions('validation_error')).toBe(1)
      expect(await call('POST', `${UNKNOWN}/submit`)).toMatchObject({ status: 404 })
    })

    test('a retake is a flow of three steps that can break, and be done again', async () => {
      const assessment = await start(backend)
      const path = `${assessment.path}/retake`
      const mine = { user_id: 'u_1' }
      const soon = await call('POST', path, mine)
      expect(soon).toMatchObject({
        status: 409,
        body: { error: 'not_submitted' },
        events: ['retake_skipped'],
      })
      expect(await call('POST', path, { user_id: 'u_2' })).toMatchObject({ status: 404 })
      expect(await call('POST', `${UNKNOWN}/retake`, mine)).toMatchObject({ status: 404 })

      const seen = new Set<number>()
      for (let tries = 0; tries < TRIES && seen.size < 2; tries++) {
        await answerAll(backend, assessment)
        await call('POST', `${assessment.path}/submit`)
        const answer = await call('POST', path, mine)
        seen.add(answer.status)
        const end = answer.lines.find((line) =>
          /^retake_flow_(completed|failed)$/.test(line['event'] as string),
        )
        expect(end?.['flow_id']).toMatch(/^retake-[0-9a-f]{12}$/)
        if (answer.status === 200) {
          expect(answer.body).toEqual({ status: 'started', flow_id: end?.['flow_id'] })
          expect(end).toMatchObject({
            event: 'retake_flow_completed',
            progress: '3/3',
            last_step: 'enable_retake',
          })
          expect(answer.events).toContain('retake_enabled')
        } else {
          expect(answer).toMatchObject({
            status: 500,
            body: { error: 'internal_error', request_id: answer.requestId },
          })
          expect(end).toMatchObject({
            event: 'retake_flow_failed',
            level: 'error',
            progress: '1/3',
            last_step: 'clear_answers',
            steps: [
              { step: 'load_completed', outcome: 'completed' },
              { step: 'clear_answers', outcome: 'failed', attempts: 2 },
            ],
          })
          expect(answer.lines.at(-1)).toMatchObject({ event: 'request_failed', status: 500 })
        }
      }
      expect([...seen].toSorted()).toEqual([200, 500])
    })

    test('of retakes at once one is made, the others are told so', async () => {
      const assessment = await start(backend)
      const seen = new Set<number>()
      let attempt = 1
      for (let tries = 0; tries < TRIES && !(seen.has(200) && seen.has(409)); tries++) {
        await answerAll(backend, assessment)
        await call('POST', `${assessment.path}/submit`)
        const both = await Promise.all(
          [1, 2].map(() => call('POST', `${assessment.path}/retake`, { user_id: 'u_1' })),
        )
        const made = both.filter(({ status }) => status === 200).length
        expect(made).toBeLessThan(2)
        for (const { status, body, lines } of both) {
          seen.add(status)
          if (status !== 409) continue
          expect(body).toEqual({ error: 'not_submitted' })
          expect(lines).toContainEqual(expect.objectContaining({ level: 'warning', event: 'retake_skipped' }))
        }
        attempt += made
        expect((await call('GET', assessment.path)).body['attempt']).toBe(attempt)
      }
      expect([...seen]).toEqual(expect.arrayContaining([200, 409]))
    })

    test('a payment succeeds, is declined or fails; a failure is written in full once', async () => {
      const { path } = await start(backend)
      const seen = new Map<string, number>()
      for (let tries = 0; tries < TRIES && seen.size < 4; tries++) {
        const answer = await call('POST', `${path}/pay`, PAYMENT)
        const outcome = checkPayment(answer)
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
      }
      expect([...seen.keys()].toSorted()).toEqual(['GATEWAY_FAILED', 'GATEWAY_TIMEOUT', 'declined', 'paid'])
      // One row for each answer of the gateway's; a try that failed leaves its row, and its key, to the next one.
      const client = new pg.Client(database.url)
      await client.connect()
      const { rows } = await client.query<{ status: string; count: number }>(
        'select status, count(*)::int as count from payments group by status',
      )
      await client.end()
      const written = new Map(rows.map(({ status, count }) => [status, count]))
      expect(written.get('paid')).toBe(seen.get('paid'))
      expect(written.get('declined')).toBe(seen.get('declined'))
      expect(written.get('pending') ?? 0).toBeLessThan(2)
      const failed = (seen.get('GATEWAY_FAILED') ?? 0) + (seen.get('GATEWAY_TIMEOUT') ?? 0)
      expect(await backend.metric('payments_total', { status: 'failed' })).toBe(failed)
      expect(await backend.metric('payments_total', { status: 'success' })).toBe(seen.get('paid'))
      expect(await call('POST', `${UNKNOWN}/pay`, PAYMENT)).toMatchObject({ status: 404 })
      expect(await call('POST', `${path}/pay`, { ...PAYMENT, amount: -1 })).toMatchObject({ status: 422 })
    })

    test('the requests are counted by route', async () => {
      const paths = { method: 'GET', path: '/assessments/:id', status: '404' }
      expect(await backend.metric('http_requests_total', paths)).toBe(4)
      expect(
        await backend.metric('db_query_duration_seconds_count', { query_type: 'insert' }),
      ).toBeGreaterThan(0)
    })

    test('promtool accepts the scrape', async () => {
      const promtool = requireBinary({ name: 'promtool', install: 'apt-get install prometheus' })
      const input = await (await fetch(`${backend.url}/metrics`)).text()
      const { status, stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], {
        input,
        encoding: 'utf8',
      })
      expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' })
    })

    test('every line is JSON; a line has a path just when it has a request id', () => {
      expect(backend.service.lines.length).toBeGreaterThan(100)
      for (const line of backend.service.lines) {
        expect(line).toMatchObject({ timestamp: expect.any(String), event: expect.any(String) })
        expect(typeof line['path']).toBe(typeof line['request_id'])
      }
    })

    test('the gateway tells of the same requests under the same ids', () => {
      const ids = new Set(backend.service.lines.map((line) => line['request_id']))
      const charges = backend.gateway.lines.filter((line) => line['event'] === 'charge_completed')
      expect(charges.length).toBeGreaterThan(0)
      expect(charges.every((line) => ids.has(line['request_id']))).toBe(true)
    })

    test('no secret is in any line of service or gateway', () => {
      const said = backend.service.said() + backend.gateway.said()
      expect(secrets.filter((secret) => said.includes(secret))).toEqual([])
      expect(said).not.toMatch(/cvv\W+917/)
    })
  })
}

function checkPayment({
  status,
  body,
  requestId,
  lines,
  events,
}: Awaited<ReturnType<Backend['call']>>): string {
  if (status === 200) {
    expect(events).toEqual(['payment_completed'])
    expect(lines[0]).toMatchObject({ payment_id: body['payment_id'], amount: 4200, currency: 'EUR' })
    return 'paid'
  }
  if (status === 402) {
    expect(body).toEqual({ error: 'payment_declined' })
    expect(lines[0]).toMatchObject({ level: 'warning', event: 'payment_skipped', reason: 'declined' })
    return 'declined'
  }
  expect({ status, body }).toEqual({
    status: 502,
    body: { error: 'payment_gateway_unavailable', request_id: requestId },
  })
  const failure = lines.find((line) => line['event'] === 'payment_failed')
  const error = failure?.['error'] as { type: string; code: string; stack: string }
  expect(events).toEqual(
    error.code === 'GATEWAY_TIMEOUT' ? ['outbound_failed', 'payment_failed'] : ['payment_failed'],
  )
  expect(lines.filter((line) => (line['error'] as { stack?: unknown } | undefined)?.stack)).toEqual([failure])
  expect(failure).toMatchObject({ level: 'error', amount: 4200, currency: 'EUR' })
  expect(error).toMatchObject({ type: 'PaymentGatewayError', stack: expect.anything() })
  return error.code
}
