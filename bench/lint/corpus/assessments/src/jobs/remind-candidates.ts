import { flow, getLogger } from 'telltale'
import { assessmentStore, type Assessment } from '../store/assessments.js'
import { attemptStore } from '../store/attempts.js'
import { enrolments, type Enrolment } from '../store/enrolments.js'
import { users } from '../store/users.js'
import { mail } from '../mail.js'
import { sms } from '../sms.js'

const log = getLogger('jobs.remind')
const HOUR = 3_600_000

export const reminderKind = (assessment: Assessment, now: number): 'day' | 'hour' | undefined => {
  const left = assessment.closesAt - now
  if (left <= 0) return undefined //= return: no  pure
  if (left <= HOUR) return 'hour' //= return: no  pure
  return left <= 24 * HOUR ? 'day' : undefined
}

async function remind(enrolment: Enrolment, assessment: Assessment, kind: 'day' | 'hour'): Promise<void> {
  const attempts = await attemptStore.ofUser(enrolment.userId, assessment.id)
  if (attempts.some((attempt) => attempt.state === 'submitted')) return //= return: no  already submitted, nothing to remind of

  const user = await users.byId(enrolment.userId)
  if (!user) return //= return: yes  enrolled person is missing, no reminder, no trace
  if (user.bouncedAt) return //= return: yes  address bounced, candidate misses the deadline unreminded

  if (!(await enrolments.claimReminder(enrolment.id, kind))) return // sent by the other instance //= return: no  reason comment

  if (kind === 'hour' && user.mobile) {
    const result = await sms.send(user.mobile, 'closing_soon', { title: assessment.title })
    if (result.accepted) return //= return: no  branch is done
    log.warning('sms_not_accepted', { user_id: user.id, code: result.code })
  }
  await mail.send(user.email, `closing_${kind}`, { title: assessment.title })
}

export async function remindCandidates(now = Date.now()): Promise<void> {
  const closing = await assessmentStore.closingBefore(now + 24 * HOUR)
  for (const assessment of closing) {
    const kind = reminderKind(assessment, now)
    if (!kind) continue
    await flow('remind', { assessment_id: assessment.id, kind }, async (f) => {
      const settings = await assessmentStore.settings(assessment.id)
      if (!settings.reminders) return f.skip('remind', 'switched_off') //= return: no  skip with a reason in the flow
      if (settings.embargoUntil > now) return //= return: yes  embargo ends the flow without a reason

      const enrolled = await enrolments.of(assessment.id)
      await f.step('remind', async () => {
        for (const enrolment of enrolled) {
          await remind(enrolment, assessment, kind).catch((error: unknown) => { //= catch: no  logged
            log.exception('reminder_failed', error, { enrolment_id: enrolment.id })
          })
        }
      })
    })
  }
}

export async function unsubscribe(link: string): Promise<boolean> {
  let userId: string
  try {
    userId = mail.verifyUnsubscribe(link)
  } catch { //= catch: no  decode probe, the route answers 400
    return false //= return: no  told by false, answered with 400
  }
  const user = await users.byId(userId)
  if (!user) return false //= return: no  told by false, answered with 400
  await users.update(user.id, { reminders: false })
  return true
}
