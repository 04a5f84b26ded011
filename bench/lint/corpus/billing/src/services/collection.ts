import type { FastifyBaseLogger } from 'fastify'
import { withTransaction } from '../lib/db.js'
import { CardError, provider } from '../lib/provider.js'
import { invoicesIssued } from '../plugins/metrics.js'
import * as accounts from '../repositories/accounts.js'
import * as invoices from '../repositories/invoices.js'
import * as outbox from '../repositories/outbox.js'
import type { Invoice } from '../types.js'

export type CollectResult =
  | { status: 'collected'; chargeId: string }
  | { status: 'declined'; code: string }
  | { status: 'skipped'; reason: 'not_found' | 'not_open' | 'nothing_due' }

export async function collectInvoice(id: string, log: FastifyBaseLogger): Promise<CollectResult> {
  const invoice = await invoices.get(id)
  if (!invoice) return { status: 'skipped', reason: 'not_found' } //= return: no  carries the reason
  if (invoice.status !== 'open') return { status: 'skipped', reason: 'not_open' } //= return: no  carries the reason
  if (invoice.amountDue === 0) {
    await invoices.markPaid(undefined, invoice.id, new Date())
    return { status: 'skipped', reason: 'nothing_due' } //= return: no  carries the reason
  }

  const account = await accounts.get(invoice.accountId)
  try {
    const charge = await provider.charge(account.providerId, invoice.amountDue, { idempotencyKey: `${invoice.id}:${invoice.attempts}` })
    await invoices.markPaid(undefined, invoice.id, new Date())
    log.info({ invoiceId: id, chargeId: charge.id }, 'invoice collected')
    return { status: 'collected', chargeId: charge.id } //= return: no  result
  } catch (err) { //= catch: no  narrowed, outcome returned, rest rethrown
    if (err instanceof CardError) {
      await invoices.recordFailure(undefined, invoice.id, err.code)
      return { status: 'declined', code: err.code } //= return: no  carries the reason
    }
    throw err
  }
}

export async function issueInvoice(draft: Invoice): Promise<Invoice | null> {
  const account = await accounts.get(draft.accountId)
  if (account.closedAt) {
    return null //= return: yes  last usage of a closed account is never invoiced
  }

  const lines = await invoices.lines(draft.id)
  const total = lines.reduce((sum, line) => sum + line.amount, 0)
  if (total <= 0) {
    await invoices.carryForward(draft.id, total)
    return null //= return: no  branch done, carried forward to the next invoice
  }

  const issued = await withTransaction(async (tx) => {
    const number = await invoices.nextNumber(tx, account.country)
    const invoice = await invoices.issue(tx, draft.id, number, total)
    await outbox.enqueue(tx, 'invoice.issued', { invoiceId: invoice.id })
    return invoice
  })
  invoicesIssued.labels(account.plan, account.currency, account.id).inc() //= bounded-labels  account id as label
  return issued
}
