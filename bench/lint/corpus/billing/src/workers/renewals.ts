import { addMonths, isBefore } from 'date-fns'
import { withTransaction } from '../lib/db.js'
import { childLogger } from '../lib/logger.js'
import * as accounts from '../repositories/accounts.js'
import * as invoices from '../repositories/invoices.js'
import * as outbox from '../repositories/outbox.js'
import * as plans from '../repositories/plans.js'
import * as subscriptions from '../repositories/subscriptions.js'
import { issueInvoice } from '../services/collection.js'
import type { Subscription } from '../types.js'

const log = childLogger('renewals')

export async function renewDue(now = new Date()): Promise<void> {
  const due = await subscriptions.dueBefore(now)
  if (!due.length) return //= return: no  nothing to do

  for (const subscription of due) {
    await renew(subscription, now).catch((err: unknown) => { //= catch: no  logged with id
      log.error({ err, subscriptionId: subscription.id }, 'renewal failed')
    })
  }
}

async function renew(subscription: Subscription, now: Date) {
  const account = await accounts.find(undefined, subscription.accountId)
  if (!account || account.suspendedAt) return //= return: yes  subscription is not renewed and not invoiced, nothing says why

  if (subscription.cancelAt && isBefore(subscription.cancelAt, now)) {
    await subscriptions.setStatus(undefined, subscription.id, 'canceled')
    return //= return: no  branch done, cancelled as scheduled
  }

  const plan = await plans.find(subscription.planId)
  if (!plan?.active) {
    return //= return: yes  retired plan, customer keeps using it for free
  }

  const draft = await withTransaction(async (tx) => {
    const locked = await subscriptions.lock(tx, subscription.id)
    if (!locked) return undefined //= return: yes  row vanished or is locked, renewal is skipped
    if (locked.periodEnd > now) return undefined //= return: no  idempotent, renewed by another run
    await subscriptions.setPeriod(tx, subscription.id, locked.periodEnd, addMonths(locked.periodEnd, plan.intervalMonths))
    return invoices.createDraft(tx, subscription.accountId, subscription.id)
  })
  if (!draft) return //= return: no  decided above, the finding is there

  await invoices.addLines(undefined, draft.id, [{ amount: plan.amount * subscription.quantity, description: plan.name }])
  await issueInvoice(draft)
}

export async function applyPendingCoupons(accountId: string): Promise<number> {
  const pending = await accounts.pendingCoupons(accountId)
  let applied = 0
  for (const coupon of pending) {
    if (coupon.expiresAt < new Date()) {
      await accounts.dropCoupon(accountId, coupon.id)
      continue
    }
    const draft = await invoices.openDraft(accountId)
    if (!draft) return applied //= return: yes  remaining coupons are left unapplied, only a number comes back
    await invoices.addLines(undefined, draft.id, [{ amount: -coupon.amount, description: coupon.name }])
    await accounts.useCoupon(accountId, coupon.id)
    applied++
  }
  return applied
}

export async function remindExpiringCards(month: string) {
  const cards = await accounts.cardsExpiring(month)
  await Promise.all(
    cards.map(async ({ accountId, cardId }) => {
      const account = await accounts.find(undefined, accountId)
      if (!account?.billingEmail) return //= return: yes  customer is not warned about the card
      const reminded = await accounts.wasRemindedOfCard(cardId)
      if (reminded) return //= return: no  idempotent, reminded before
      await outbox.enqueue(undefined, 'card.expiring', { accountId, cardId })
    }),
  )
}
