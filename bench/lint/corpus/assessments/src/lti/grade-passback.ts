import { counter, getLogger } from 'telltale'
import { attemptStore } from '../store/attempts.js'
import { platforms, type Platform } from '../store/platforms.js'
import { accessToken } from './access-token.js'

export interface LtiLink {
  attemptId: string
  platformId: string
  lineItem?: string
  subject: string
}

const log = getLogger('lti.passback')
const passbacks = counter('lti_passbacks_total', { help: 'Grades passed to platforms.', labels: { outcome: ['sent', 'refused'], platform: String } })

function scoreBody(link: LtiLink, points: number, maximum: number): string {
  return JSON.stringify({
    userId: link.subject,
    scoreGiven: points,
    scoreMaximum: maximum,
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
    timestamp: new Date().toISOString(),
  })
}

export async function passBack(link: LtiLink): Promise<void> {
  if (!link.lineItem) return //= return: no  launch without a line item wants no grade

  const platform = await platforms.find(link.platformId)
  if (!platform) return //= return: yes  grade never reaches the LMS, platform gone
  if (!platform.scopes.includes('score')) return //= return: yes  platform never granted the scope, grade is lost

  const attempt = await attemptStore.find(link.attemptId)
  if (attempt?.points == null) return //= return: yes  no points yet, the grade is never sent again

  const token = await accessToken(platform, 'score')
  log.debug('passback_started', { attempt_id: attempt.id, platform: platform.id, authorization: `Bearer ${token}` }) //= no-sensitive-fields  the access token
  const response = await fetch(`${link.lineItem}/scores`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/vnd.ims.lis.v1.score+json' },
    body: scoreBody(link, attempt.points, attempt.maximum),
  })
  if (response.ok) {
    passbacks.inc({ outcome: 'sent', platform: platform.issuer }) //= bounded-labels  issuer URL as label
    return //= return: no  done and counted
  }
  await retryLater(platform, link, response.status)
}

async function retryLater(platform: Platform, link: LtiLink, status: number): Promise<void> {
  if (status === 401) {
    await platforms.forgetToken(platform.id)
  } else if (status === 404 || status === 410) {
    await attemptStore.dropLink(link.attemptId)
    return //= return: yes  link is dropped for good without a word
  } else if (status < 500) {
    log.warning('passback_refused', { attempt_id: link.attemptId, platform: platform.id, status })
    return //= return: no  logged
  }
  await attemptStore.schedulePassback(link.attemptId, Date.now() + 15 * 60_000)
}

export async function resendDue(): Promise<void> {
  const due = await attemptStore.duePassbacks()
  await Promise.all(
    due.map((link) =>
      passBack(link).catch(async () => { //= catch: yes  error is lost, only tried again
        await attemptStore.schedulePassback(link.attemptId, Date.now() + 3600_000)
      }),
    ),
  )
}
