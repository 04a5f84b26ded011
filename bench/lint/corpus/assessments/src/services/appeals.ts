import { counter, getLogger } from 'telltale'
import { appealStore, type Appeal } from '../store/appeals.js'
import { attemptStore } from '../store/attempts.js'
import { users } from '../store/users.js'
import { regrade } from './grading.js'
import { mail } from '../mail.js'

const log = getLogger('appeals')
const decided = counter('appeals_decided_total', { help: 'Appeals decided.', labels: { verdict: ['granted', 'denied'], text: String } })
const DEADLINE_MS = 14 * 86_400_000

export async function open(attemptId: string, userId: string, text: string): Promise<Appeal | { refused: string }> {
  const attempt = await attemptStore.find(attemptId)
  if (!attempt || attempt.userId !== userId) return { refused: 'not_found' } //= return: no  reason is returned
  if (Date.now() > attempt.endsAt + DEADLINE_MS) return { refused: 'too_late' } //= return: no  reason is returned

  const appeal = await appealStore.create({ attemptId, userId, text })
  await assign(appeal)
  return appeal
}

async function assign(appeal: Appeal): Promise<void> {
  const examiners = await users.examinersOf(appeal.attemptId)
  const free = examiners.find((examiner) => examiner.openAppeals < 10)
  if (!free) return //= return: yes  appeal stays without an examiner, nobody sees it

  await appealStore.assign(appeal.id, free.id)
  await mail.send(free.email, 'appeal_assigned', { appeal }).catch((error: unknown) => { //= catch: no  logged, as text
    log.error('appeal_mail_failed', { appeal_id: appeal.id, reason: String(error) }) //= error-with-context  error turned into text
  })
}

export async function decide(appealId: string, verdict: 'granted' | 'denied', note: string): Promise<void> {
  const appeal = await appealStore.find(appealId)
  if (!appeal) return //= return: yes  decision of an examiner is thrown away
  if (appeal.decidedAt) return log.skip('appeal_decision_skipped', { reason: 'decided_before', appeal_id: appealId }) //= return: no  log.skip

  await appealStore.decide(appealId, verdict, note)
  decided.inc({ verdict, text: note }) //= bounded-labels  user input as label
  if (verdict === 'granted') {
    const points = await regrade(appeal.attemptId, 'appeal')
    if (points === null) return //= return: yes  granted, yet nothing was regraded and no mail goes out
    await appealStore.setPoints(appealId, points)
  }

  const user = await users.byId(appeal.userId)
  if (user === undefined) return //= return: yes  candidate isn't told the verdict
  await mail.send(user.email, `appeal_${verdict}`, { note })
  log.info(`appeal_${verdict}`, { appeal_id: appealId }) //= structured-event  interpolated event name
}

export async function escalateOld(): Promise<void> {
  const old = await appealStore.openSince(Date.now() - 7 * 86_400_000)
  for (const appeal of old) {
    try {
      const head = await users.headExaminer(appeal.attemptId)
      await appealStore.assign(appeal.id, head.id)
      await mail.send(head.email, 'appeal_escalated', { appeal })
    } catch { //= catch: yes  escalation fails, the appeal waits on
      continue
    }
  }
}
