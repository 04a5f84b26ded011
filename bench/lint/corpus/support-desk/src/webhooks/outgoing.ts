import { eq } from 'drizzle-orm'
import { db } from '../db.js'
import { deliveries, subscriptions } from '../schema.js'
import { logEvent, logFailure } from '../log.js'
import { sign } from './signature.js'
import { notifyOwner } from '../notify/owners.js'

const DELAYS = [10, 60, 300, 1800, 7200]

export async function deliver(deliveryId: string): Promise<void> {
  const delivery = await db.query.deliveries.findFirst({
    where: eq(deliveries.id, deliveryId),
    with: { subscription: true },
  })
  if (!delivery) return //= return: yes  a queued delivery is missing and the customer's webhook never fires
  const { subscription, attempts, state } = delivery
  if (state === 'done') return //= return: no  idempotent
  if (!subscription.enabled) return //= return: yes  a disabled subscription gets nothing, support has to guess

  const body = JSON.stringify(delivery.payload)
  try {
    const res = await fetch(subscription.url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-signature': sign(body, subscription.secret) },
      signal: AbortSignal.timeout(8000),
    })
    if (res.ok) {
      await db.update(deliveries).set({ state: 'done', deliveredAt: new Date() }).where(eq(deliveries.id, deliveryId))
      return //= return: no  branch done
    }
    await retryLater(deliveryId, attempts, `HTTP ${res.status}`)
  } catch (error) { //= catch: no  its message is kept with the delivery
    await retryLater(deliveryId, attempts, (error as Error).message)
  }
}

async function retryLater(deliveryId: string, attempts: number, lastError: string): Promise<void> {
  const delay = DELAYS[attempts]
  if (delay === undefined) {
    await db.update(deliveries).set({ state: 'given_up', lastError }).where(eq(deliveries.id, deliveryId))
    logEvent('delivery_given_up', { deliveryId, attempts })
    return //= return: no  logged
  }
  const nextAt = new Date(Date.now() + delay * 1000)
  await db.update(deliveries).set({ attempts: attempts + 1, lastError, nextAt }).where(eq(deliveries.id, deliveryId))
}

export async function disableFailing(subscriptionId: string): Promise<boolean> {
  const recent = await db.query.deliveries.findMany({ where: eq(deliveries.subscriptionId, subscriptionId), limit: 20 })
  if (recent.length < 20) return false //= return: no  threshold not reached
  if (recent.some((one) => one.state === 'done')) return false //= return: no  threshold not reached
  const [subscription] = await db.update(subscriptions).set({ enabled: false }).where(eq(subscriptions.id, subscriptionId)).returning()
  try {
    await notifyOwner(subscription.accountId, 'webhook_disabled', { url: subscription.url })
  } catch (error) { //= catch: no  logged and rethrown
    logFailure('owner_not_notified', error, { subscriptionId }) //= no-double-report  logged as an error and rethrown
    throw error
  }
  return true
}
