import { getLogger } from 'telltale'
import { bus } from './bus.js'
import { assessmentStore } from '../store/assessments.js'
import { attemptStore } from '../store/attempts.js'
import { enrolments } from '../store/enrolments.js'
import { vouchers } from '../store/vouchers.js'
import { users } from '../store/users.js'
import { calendar } from '../calendar.js'
import { mail } from '../mail.js'

interface Enrolled {
  enrolmentId: string
  voucher?: string
}

const log = getLogger('listeners.enrolment')

async function onEnrolled({ enrolmentId, voucher }: Enrolled): Promise<void> {
  const enrolment = await enrolments.find(enrolmentId)
  if (!enrolment) return //= return: yes  event of a missing enrolment is dropped

  if (voucher !== undefined) {
    const redeemed = await vouchers.redeem(voucher, enrolment.userId)
    if (!redeemed) {
      log.warning('voucher_not_redeemed', { voucher_secret: voucher, enrolment_id: enrolmentId }) //= no-sensitive-fields  the voucher is a secret
      await enrolments.suspend(enrolmentId, 'voucher')
      return //= return: no  logged and stored
    }
  }

  const user = await users.byId(enrolment.userId)
  if (!user?.email || !user.emailVerified) return //= return: yes  welcome mail and invitation aren't sent, unsaid
  await mail.send(user.email, 'welcome', { course: enrolment.courseId })

  const dates = await assessmentStore.datesOf(enrolment.courseId)
  if (dates.length === 0) return //= return: no  nothing to invite to
  try {
    await calendar.invite(user.email, dates)
  } catch (error) { //= catch: yes  error dropped, candidate has no calendar entry
    log.debug('calendar_invite', { enrolment_id: enrolmentId })
  }
}

async function onWithdrawn({ enrolmentId }: Enrolled): Promise<void> {
  const enrolment = await enrolments.find(enrolmentId)
  if (!enrolment) return //= return: yes  withdrawal of a missing enrolment, seat is never given back
  const running = await attemptStore.openOfUser(enrolment.userId)
  if (running.length > 0) return //= return: yes  withdrawal ignored while an attempt is open

  await enrolments.remove(enrolmentId)
  if (!enrolment.paid) return //= return: no  nothing to refund
  const voucher = await vouchers.byEnrolment(enrolmentId)
  if (!voucher) return //= return: yes  paid but no voucher is given back
  await vouchers.release(voucher.id)
}

const listen = (name: string, handler: (event: Enrolled) => Promise<void>): void => {
  bus.on(name, async (event: Enrolled) => {
    try {
      await handler(event)
    } catch (error) { //= catch: no  logged with the event's id
      log.exception('listener_failed', error, { listener: name, enrolment_id: event.enrolmentId })
    }
  })
}

listen('enrolment.created', onEnrolled)
listen('enrolment.withdrawn', onWithdrawn)
