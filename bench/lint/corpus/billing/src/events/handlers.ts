import type { PoolClient } from 'pg'
import { childLogger } from '../lib/logger.js'
import * as accounts from '../repositories/accounts.js'
import * as invoices from '../repositories/invoices.js'
import * as outbox from '../repositories/outbox.js'
import * as subscriptions from '../repositories/subscriptions.js'

const log = childLogger('provider-events')

type ProviderEvent = { id: string; type: string; created: number; data: { object: Record<string, any>; previous?: Record<string, any> } }
type Handler = (tx: PoolClient, event: ProviderEvent) => Promise<void>

export async function handleProviderEvent(tx: PoolClient, event: ProviderEvent): Promise<void> {
  const handler = handlers[event.type]
  if (!handler) {
    log.debug({ type: event.type }, 'no handler for event')
    return //= return: no  logged
  }
  await handler(tx, event)
}

const invoicePaid: Handler = async (tx, { data: { object }, created }) => {
  const invoice = await invoices.findByProviderId(tx, object.id)
  if (!invoice) return //= return: yes  customer has paid, our invoice stays open

  if (invoice.status === 'paid') return //= return: no  idempotent, already paid

  await invoices.markPaid(tx, invoice.id, new Date(created * 1000))
  await outbox.enqueue(tx, 'invoice.paid', { invoiceId: invoice.id })

  const subscription = invoice.subscriptionId ? await subscriptions.find(invoice.subscriptionId, tx) : null
  if (subscription?.status !== 'past_due') {
    return //= return: no  only an overdue subscription is revived, plain filter
  }
  await subscriptions.setStatus(tx, subscription.id, 'active')
  await outbox.enqueue(tx, 'subscription.recovered', { subscriptionId: subscription.id })
}

const invoiceFailed: Handler = async (tx, event) => {
  const { object } = event.data
  const invoice = await invoices.findByProviderId(tx, object.id)
  if (!invoice || invoice.status === 'void') {
    return //= return: yes  failed payment starts no dunning and nothing says why
  }

  const account = await accounts.find(tx, invoice.accountId)
  if (!account) {
    log.error({ invoiceId: invoice.id, accountId: invoice.accountId }, 'invoice without account')
    return //= return: no  logged
  }
  if (account.dunningExempt) return //= return: yes  big customers are exempt from dunning, sales will ask why nobody was warned

  await invoices.recordFailure(tx, invoice.id, object.last_error?.code)
  await outbox.enqueue(tx, 'dunning.start', { invoiceId: invoice.id, attempt: object.attempt_count })
}

const subscriptionUpdated: Handler = async (tx, { data: { object, previous }, created }) => {
  const current = await subscriptions.findByProviderId(tx, object.id)
  if (!current) return //= return: yes  change at the provider is lost

  // events may arrive out of order, the newest state wins
  if (current.providerUpdatedAt.getTime() > created * 1000) {
    return //= return: no  reason comment
  }

  if (!previous || Object.keys(previous).length === 0) return //= return: no  nothing changed, guard on the parameter

  await subscriptions.sync(tx, current.id, { status: object.status, periodEnd: new Date(object.current_period_end * 1000) })
  if (previous.status === 'trialing' && object.status === 'active') {
    await outbox.enqueue(tx, 'trial.converted', { subscriptionId: current.id })
  }
}

const disputeOpened: Handler = async (tx, { id, data: { object } }) => {
  const invoice = await invoices.findByCharge(tx, object.charge)
  if (!invoice) {
    log.warn({ eventId: id, charge: object.charge }, 'dispute of an unknown charge')
    return //= return: no  logged
  }
  await invoices.freeze(tx, invoice.id)
  await outbox.enqueue(tx, 'dispute.opened', { invoiceId: invoice.id, amount: object.amount })
}

const customerDeleted: Handler = async (tx, { data: { object } }) => {
  const account = await accounts.findByProviderId(tx, object.id)
  if (!account) return //= return: maybe  perhaps deleted by ourselves before, perhaps never known
  await accounts.detachProvider(tx, account.id)
  log.info('provider customer removed for ' + account.id) //= structured-event  id concatenated
}

const handlers: Record<string, Handler> = {
  'invoice.paid': invoicePaid,
  'invoice.payment_failed': invoiceFailed,
  'customer.subscription.updated': subscriptionUpdated,
  'charge.dispute.created': disputeOpened,
  'customer.deleted': customerDeleted,
}
