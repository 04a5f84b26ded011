import { getLogger } from 'telltale'
import { bus } from './bus.js'
import { attemptStore } from '../store/attempts.js'
import { assessmentStore } from '../store/assessments.js'
import { users } from '../store/users.js'
import { issueCertificate } from '../services/certificates.js'
import { passBack } from '../lti/grade-passback.js'
import { mail } from '../mail.js'

interface Submitted {
  attemptId: string
}

const log = getLogger('listeners.submitted')

export async function certificate({ attemptId }: Submitted): Promise<void> {
  const attempt = await attemptStore.find(attemptId)
  if (!attempt) return log.skip('certificate_skipped', { reason: 'attempt_missing', attempt_id: attemptId }) //= return: no  log.skip
  const assessment = await assessmentStore.find(attempt.assessmentId)
  if (!assessment?.certificate) return //= return: no  assessment gives no certificates, nothing to do

  if (attempt.points < assessment.certificate.minimum) return //= return: maybe  not passed is ordinary, yet why is there no certificate
  const flagged = await attemptStore.flags(attempt.id)
  if (flagged.length > 0) return //= return: yes  passed but no certificate because of flags

  await issueCertificate(attempt, assessment)
}

export async function tellTeacher({ attemptId }: Submitted): Promise<void> {
  const attempt = await attemptStore.find(attemptId)
  if (!attempt) return //= return: yes  teacher is never told
  const teacher = await users.teacherOf(attempt.assessmentId)
  if (!teacher) return //= return: yes  assessment without a teacher, mail silently dropped
  if (teacher.notify === 'never') return //= return: yes  preference drops the mail unseen
  if (teacher.notify === 'daily') {
    await users.addToDigest(teacher.id, attempt.id)
    return //= return: no  other branch, goes into the digest
  }

  await mail.send(teacher.email, 'attempt_submitted', { attempt })
}

export async function gradebook({ attemptId }: Submitted): Promise<void> {
  const link = await attemptStore.ltiLink(attemptId)
  if (link === undefined) return //= return: no  attempt didn't come from an LMS
  await passBack(link)
}

const handlers = { certificate, tellTeacher, gradebook }

for (const [name, handler] of Object.entries(handlers)) {
  bus.on('attempt.submitted', (event: Submitted) => {
    handler(event).catch((error: unknown) => log.exception(`${name}_failed`, error, { attempt_id: event.attemptId })) //= catch: no  logged //= structured-event  interpolated event name
  })
}
