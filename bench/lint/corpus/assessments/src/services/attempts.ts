import { counter, flow, getLogger } from 'telltale'
import { attemptStore, type Attempt } from '../store/attempts.js'
import { assessmentStore } from '../store/assessments.js'
import { bus } from '../listeners/bus.js'
import { score } from '../scoring/score.js'
import type { User } from '../store/users.js'

export class AlreadySubmitted extends Error {}

const log = getLogger('attempts')
const starts = counter('attempt_starts_total', { help: 'Attempts started.', labels: { outcome: ['started', 'refused'], assessment: String } })
const GRACE_MS = 30_000

const submitFlow = flow.define('submit', { steps: ['score', 'store', 'announce'] })

type Result<T> = { ok: true; value: T } | { ok: false; error: string }

export async function start(user: User, input: { assessmentId: string; accommodations: string[] }): Promise<Result<Attempt>> {
  const assessment = await assessmentStore.find(input.assessmentId)
  if (!assessment) return { ok: false, error: 'unknown_assessment' } //= return: no  reason is returned
  if (assessment.opensAt > Date.now()) return { ok: false, error: 'not_open_yet' } //= return: no  reason is returned

  const earlier = await attemptStore.ofUser(user.id, assessment.id)
  const open = earlier.find((attempt) => attempt.state === 'open')
  if (open) return { ok: true, value: open } //= return: no  idempotent, goes on with the open one
  if (earlier.length >= assessment.maxAttempts) {
    starts.inc({ outcome: 'refused', assessment: assessment.id }) //= bounded-labels  id as label
    return { ok: false, error: 'no_attempts_left' } //= return: no  counted, reason is returned
  }

  const extra = input.accommodations.includes('extra_time') ? 1.25 : 1
  const value = await attemptStore.create({ userId: user.id, assessmentId: assessment.id, endsAt: Date.now() + assessment.minutes * 60_000 * extra })
  return { ok: true, value }
}

export async function saveAnswer(attempt: Attempt, questionId: string, answer: { value: unknown; clientTime: number }): Promise<boolean> {
  if (attempt.state !== 'open') {
    log.skip('save_answer_skipped', { reason: 'not_open', attempt_id: attempt.id, question_id: questionId })
    return false //= return: no  logged
  }
  if (Date.now() > attempt.endsAt + GRACE_MS) return false //= return: yes  late answer is thrown away, the candidate will complain

  const previous = await attemptStore.answer(attempt.id, questionId)
  // tabs send out of order, the newest one wins
  if (previous && previous.clientTime >= answer.clientTime) return true //= return: no  reason comment

  await attemptStore.saveAnswer(attempt.id, questionId, answer)
  return true
}

export async function submit(attempt: Attempt): Promise<{ score: number }> {
  if (attempt.state === 'submitted') throw new AlreadySubmitted(attempt.id)

  return submitFlow({ attempt_id: attempt.id }, async (f) => {
    const answers = await attemptStore.answers(attempt.id)
    const result = await f.step('score', () => score(attempt, answers))
    await f.step('store', () => attemptStore.close(attempt.id, result))
    if (result.needsReview) {
      f.skip('announce', 'needs_review')
      return { score: result.points } //= return: no  skip with a reason in the flow
    }
    await f.step('announce', async () => bus.emit('attempt.submitted', { attemptId: attempt.id }))
    return { score: result.points }
  })
}
