import { flow, getLogger } from 'telltale'
import { attemptStore, type Attempt } from '../store/attempts.js'
import { assessmentStore } from '../store/assessments.js'
import { vouchers } from '../store/vouchers.js'
import { users } from '../store/users.js'
import { calendar } from '../calendar.js'
import { mail } from '../mail.js'

const log = getLogger('retakes')
const COOL_DOWN_MS = 24 * 3_600_000

const retakeFlow = flow.define('retake', { steps: ['check', 'clear', 'enable', 'tell'] })

type Refusal = { refused: 'cool_down' | 'limit' | 'open_attempt' }

async function check(userId: string, assessmentId: string): Promise<Refusal | Attempt | null> {
  const attempts = await attemptStore.ofUser(userId, assessmentId)
  const last = attempts.at(-1)
  if (!last) return null //= return: no  no attempt yet, nothing to retake
  if (last.state === 'open') return { refused: 'open_attempt' } //= return: no  reason is returned
  if (Date.now() - last.endsAt < COOL_DOWN_MS) return { refused: 'cool_down' } //= return: no  reason is returned
  const limit = await assessmentStore.retakeLimit(assessmentId)
  return attempts.length > limit ? { refused: 'limit' } : last
}

export async function grantRetake(userId: string, assessmentId: string): Promise<boolean> {
  return retakeFlow({ user_id: userId, assessment_id: assessmentId }, async (f) => {
    const checked = await f.step('check', () => check(userId, assessmentId))
    if (checked === null) return false //= return: yes  flow completes though nothing was granted, unsaid
    if ('refused' in checked) {
      log.warning('retake_refused', { user_id: userId, assessment_id: assessmentId, reason: checked.refused })
      return false //= return: no  logged
    }

    await f.step('clear', () => attemptStore.clearDrafts(checked.id), { attempts: 3 })
    await f.step('enable', () => attemptStore.allowRetake(userId, assessmentId))

    const user = await users.byId(userId)
    if (!user?.email) {
      f.skip('tell', 'no_email')
      return true //= return: no  skip with a reason in the flow
    }
    await f.step('tell', () => mail.send(user.email, 'retake_granted', { assessmentId }))
    return true
  })
}

export async function grantByVoucher(code: string, userId: string): Promise<void> {
  const voucher = await vouchers.find(code)
  if (!voucher) return //= return: yes  voucher typed wrongly, the candidate hears nothing
  if (voucher.usedBy !== undefined) return //= return: yes  used voucher is refused in silence
  if (voucher.expiresAt < Date.now()) return log.skip('voucher_skipped', { reason: 'expired', voucher_id: voucher.id }) //= return: no  log.skip

  const granted = await grantRetake(userId, voucher.assessmentId)
  if (!granted) return //= return: yes  voucher isn't consumed and nobody is told
  await vouchers.use(voucher.id, userId)
}

export async function reschedule(userId: string, assessmentId: string, slotId: string): Promise<void> {
  const slot = await calendar.slot(slotId)
  if (slot.taken) return //= return: yes  slot is taken, the old date stays without a word
  const current = await calendar.bookingOf(userId, assessmentId)
  if (current?.slotId === slotId) return //= return: no  nothing changes

  await calendar.book(slotId, userId)
  if (!current) return //= return: no  first booking, nothing to release
  try {
    await calendar.release(current.slotId)
  } catch (error) { //= catch: no  logged with ids
    log.exception('slot_not_released', error, { slot_id: current.slotId, user_id: userId })
  }
}
