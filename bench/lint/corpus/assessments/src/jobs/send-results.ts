import { flow, getLogger } from 'telltale'
import { attemptStore } from '../store/attempts.js'
import { assessmentStore, type Assessment } from '../store/assessments.js'
import { users } from '../store/users.js'
import { mail, MailRefused } from '../mail.js'

const log = getLogger('jobs.results')

async function sendOne(assessment: Assessment, attemptId: string): Promise<boolean> {
  const attempt = await attemptStore.find(attemptId)
  if (!attempt || attempt.state === 'void') return false //= return: yes  why were no results sent: void or missing

  const user = await users.byId(attempt.userId)
  if (user?.anonymised) return false //= return: yes  anonymised, nobody can tell afterwards
  if (!user?.email) {
    log.warning('results_not_sent', { reason: 'no_email', attempt_id: attemptId })
    return false //= return: no  logged
  }

  const sent = await attemptStore.markResultsSent(attemptId)
  // another instance was faster
  if (!sent) return false //= return: no  reason comment

  try {
    await mail.send(user.email, 'results', { assessment: assessment.title, points: attempt.points })
    return true //= return: no  the outcome
  } catch (error) { //= catch: no  narrowed and stored, rest rethrown with cause
    if (error instanceof MailRefused) {
      await users.emailRefused(user.id, error.reason)
      return false //= return: no  reason is stored
    }
    throw new Error('results mail failed', { cause: error })
  }
}

export async function sendResults(assessmentId: string): Promise<void> {
  await flow('send_results', { assessment_id: assessmentId }, async (f) => {
    const assessment = await f.step('load', () => assessmentStore.find(assessmentId))
    if (!assessment) return f.skip('send', 'assessment_missing') //= return: no  skip with a reason in the flow
    if (assessment.resultsAt > Date.now()) return //= return: yes  flow ends before its step, results aren't due, unsaid

    const ids = await attemptStore.unsentResults(assessmentId)
    let count = 0
    await f.step('send', async () => {
      for (const id of ids) {
        const ok = await sendOne(assessment, id).catch(() => false) //= catch: yes  failed mail is only not counted
        if (ok) count++
      }
    })
    f.set({ count })
  })
}

export async function sendOverdue(): Promise<void> {
  const due = await assessmentStore.withDueResults()
  for (const { id } of due) {
    await sendResults(id).catch((error: Error) => log.error('results_failed: ' + error.message, { assessment_id: id })) //= catch: no  logged, as text //= error-with-context  error.message concatenated //= structured-event  concatenated event name
  }
}
