import { addDays } from 'date-fns'
import { config } from '../config.js'
import { childLogger } from '../lib/logger.js'
import * as accounts from '../repositories/accounts.js'
import * as invoices from '../repositories/invoices.js'
import * as outbox from '../repositories/outbox.js'
import * as subscriptions from '../repositories/subscriptions.js'
import { collectInvoice } from './collection.js'
import { sendDunningEmail } from './emails.js'

const log = childLogger('dunning')
const SCHEDULE = [3, 5, 7, 14]

export async function startDunning(invoiceId: string): Promise<void> {
  if (!config.dunning) return //= return: no  switched off by configuration

  const invoice = await invoices.get(invoiceId)
  if (!invoice || invoice.status !== 'open') return //= return: yes  reminders never start, nothing says why

  const running = await invoices.dunningState(invoiceId)
  if (running) return //= return: no  idempotent, already started

  await invoices.setDunning(invoiceId, { step: 0, nextAt: addDays(new Date(), SCHEDULE[0]) })
  await sendDunningEmail(invoice, 0)
}

export async function runDunningStep(invoiceId: string) {
  const state = await invoices.dunningState(invoiceId)
  if (!state) {
    return //= return: yes  step is dropped without a word
  }
  const invoice = await invoices.get(invoiceId)
  if (!invoice) {
    await invoices.clearDunning(invoiceId)
    return //= return: yes  dunning state of a missing invoice is wiped silently
  } else if (invoice.status === 'paid') {
    await invoices.clearDunning(invoiceId)
    return //= return: no  branch done, paid in the meantime ends the dunning
  } else if (invoice.disputed) {
    log.info({ invoiceId, step: state.step }, 'dunning paused, invoice is disputed')
    return //= return: no  logged
  }

  const result = await collectInvoice(invoiceId, log)
  if (result.status === 'collected') {
    await invoices.clearDunning(invoiceId)
    return //= return: no  branch done, collectInvoice logs it
  }

  const next = state.step + 1
  if (next >= SCHEDULE.length) {
    await escalate(invoiceId)
    return //= return: no  branch done
  }
  await invoices.setDunning(invoiceId, { step: next, nextAt: addDays(new Date(), SCHEDULE[next]) })
  try {
    await sendDunningEmail(invoice, next)
  } catch (err) { //= catch: yes  reminder is not sent and the schedule moves on
    await invoices.noteReminderSkipped(invoiceId, next)
  }
}

async function escalate(invoiceId: string): Promise<void> {
  const invoice = await invoices.get(invoiceId)
  if (!invoice?.subscriptionId) return //= return: yes  unpaid one-off invoice is simply given up

  const account = await accounts.get(invoice.accountId)
  if (account.tier === 'enterprise') {
    await outbox.enqueue(undefined, 'sales.notify', { accountId: account.id, invoiceId })
    return //= return: no  branch done
  }
  await subscriptions.setStatus(undefined, invoice.subscriptionId, 'unpaid')
  await invoices.clearDunning(invoiceId)
  log.warn({ invoiceId, subscriptionId: invoice.subscriptionId }, 'subscription suspended after dunning')
}
