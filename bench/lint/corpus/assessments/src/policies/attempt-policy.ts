import { getLogger } from 'telltale'
import type { Attempt } from '../store/attempts.js'
import type { User } from '../store/users.js'
import { enrolments } from '../store/enrolments.js'

const log = getLogger('policies.attempt')

export function canRead(user: User | undefined, attempt: Attempt): boolean {
  if (!user) return false //= return: no  predicate
  if (user.roles.includes('admin')) return true //= return: no  predicate
  if (attempt.state === 'void') {
    return user.roles.includes('examiner') //= return: no  predicate
  }
  return attempt.userId === user.id || user.teaches.includes(attempt.assessmentId)
}

export const canWrite = (user: User, attempt: Attempt): boolean => {
  if (attempt.userId !== user.id) return false //= return: no  predicate
  return attempt.state === 'open' && !attempt.pausedAt
}

export async function allowedAccommodations(user: User, assessmentId: string): Promise<string[]> {
  if (user.accommodations.length === 0) return [] //= return: no  getter
  const enrolment = await enrolments.find(user.id, assessmentId)
  if (!enrolment) return [] //= return: no  getter without effects
  if (enrolment.accommodations === 'none') {
    log.info('accommodations_denied', { user_id: user.id, assessment_id: assessmentId })
    return [] //= return: no  logged
  }
  return user.accommodations.filter((one) => {
    if (one.until && one.until < Date.now()) return false //= return: no  array callback, predicate
    return one.kinds.includes('online')
  })
}

export async function transferOwnership(attempt: Attempt, from: User, to: User): Promise<boolean> {
  if (attempt.userId !== from.id) return false //= return: maybe  told by false, but which check it was is open
  const enrolment = await enrolments.find(to.id, attempt.assessmentId)
  if (!enrolment?.active) return false //= return: yes  transfer refused, support can't say why
  await enrolments.moveAttempt(attempt.id, from.id, to.id)
  log.info('attempt transferred', { attempt_id: attempt.id, from: from.id, to: to.id }) //= structured-event  sentence as event name
  return true
}
