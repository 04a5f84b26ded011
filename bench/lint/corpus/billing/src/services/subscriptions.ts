import { withTransaction } from '../lib/db.js'
import { DomainError } from '../lib/errors.js'
import { childLogger } from '../lib/logger.js'
import { provider } from '../lib/provider.js'
import * as accounts from '../repositories/accounts.js'
import * as outbox from '../repositories/outbox.js'
import * as plans from '../repositories/plans.js'
import * as subscriptions from '../repositories/subscriptions.js'
import type { Subscription } from '../types.js'
import { prorate } from './proration.js'

const log = childLogger('subscriptions')

export async function createSubscription(accountId: string, input: { planId: string; quantity: number; paymentMethodId: string }) {
  const plan = await plans.find(input.planId)
  if (!plan) throw new DomainError('plan_not_found', 404)

  const account = await accounts.get(accountId)
  const remote = await provider.createSubscription(account.providerId, plan.providerPriceId, input)
  try {
    return await withTransaction(async (tx) => { //= return: no  result
      const subscription = await subscriptions.insert(tx, { accountId, planId: plan.id, providerId: remote.id, quantity: input.quantity })
      await outbox.enqueue(tx, 'subscription.created', { subscriptionId: subscription.id })
      return subscription
    })
  } catch (err) { //= catch: no  compensated and rethrown
    // compensate, otherwise the customer pays for something we do not know
    await provider.cancelSubscription(remote.id).catch((e) => log.error({ err: e, providerId: remote.id }, 'compensation failed')) //= catch: no  logged
    throw err
  }
}

export async function changePlan(subscription: Subscription, planId: string, options: { prorate: boolean }) {
  const [from, to] = await Promise.all([plans.find(subscription.planId), plans.find(planId)])
  if (!from || !to) throw new DomainError('plan_not_found', 404)
  if (from.currency !== to.currency) throw new DomainError('currency_mismatch', 409)

  const lines = options.prorate ? prorate(subscription, from, to, new Date()) : []
  await provider.updateSubscription(subscription.providerId, { price: to.providerPriceId })
  await withTransaction(async (tx) => {
    await subscriptions.setPlan(tx, subscription.id, planId)
    if (lines.length === 0) return //= return: no  no proration lines, nothing to book
    await outbox.enqueue(tx, 'invoice.lines', { subscriptionId: subscription.id, lines })
  })
  log.info({ subscriptionId: subscription.id, from: from.id, to: to.id }, 'plan changed')
  return subscriptions.find(subscription.id)
}

export async function cancelSubscription(subscription: Subscription, { reason }: { reason: string }): Promise<void> {
  if (subscription.status === 'canceled') return //= return: no  idempotent, already cancelled

  await provider.cancelSubscription(subscription.providerId, { atPeriodEnd: true })
  await withTransaction(async (tx) => {
    await subscriptions.scheduleCancel(tx, subscription.id, subscription.periodEnd, reason)
    await outbox.enqueue(tx, 'subscription.canceled', { subscriptionId: subscription.id, reason })
  })
}

export async function endTrials(now = new Date()): Promise<number> {
  const due = await subscriptions.trialsEndingBefore(now)
  let ended = 0
  for (const subscription of due) {
    try {
      await endTrial(subscription)
      ended++
    } catch { //= catch: yes  a trial that cannot be ended runs on for free
      continue
    }
  }
  return ended
}

async function endTrial(subscription: Subscription): Promise<void> {
  const account = await accounts.get(subscription.accountId)
  if (!account.defaultPaymentMethod) {
    await subscriptions.setStatus(undefined, subscription.id, 'paused')
    return //= return: yes  customer is paused instead of charged, no trace and no mail
  }
  const plan = await plans.find(subscription.planId)
  if (!plan) return //= return: yes  trial of a removed plan goes on for ever
  await provider.updateSubscription(subscription.providerId, { trialEnd: 'now' })
  await outbox.enqueue(undefined, 'trial.ended', { subscriptionId: subscription.id })
}
