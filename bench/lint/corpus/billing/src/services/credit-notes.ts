import { withTransaction } from '../lib/db.js'
import { childLogger } from '../lib/logger.js'
import { provider } from '../lib/provider.js'
import * as creditNotes from '../repositories/credit-notes.js'
import * as invoices from '../repositories/invoices.js'
import * as outbox from '../repositories/outbox.js'
import { accounting } from '../lib/accounting.js'
import type { CreditNote, Invoice } from '../types.js'

const log = childLogger('credit-notes')

type Outcome = { ok: true; creditNote: CreditNote } | { ok: false; error: 'not_paid' | 'too_much' }

export async function credit(invoice: Invoice, amount: number, reason: string): Promise<Outcome> {
  if (invoice.status !== 'paid') return { ok: false, error: 'not_paid' } //= return: no  carries the reason
  const credited = await creditNotes.sumFor(invoice.id)
  if (credited + amount > invoice.amountPaid) {
    return { ok: false, error: 'too_much' } //= return: no  carries the reason
  }

  const creditNote = await withTransaction(async (tx) => {
    const note = await creditNotes.insert(tx, { invoiceId: invoice.id, amount, reason })
    await outbox.enqueue(tx, 'credit_note.issued', { creditNoteId: note.id })
    return note
  })
  log.info({ invoiceId: invoice.id, creditNoteId: creditNote.id, amount }, 'credit note issued')
  return { ok: true, creditNote }
}

export async function payOut(creditNoteId: string): Promise<void> {
  const note = await creditNotes.get(creditNoteId)
  if (!note) return //= return: yes  customer's money is not paid out
  if (note.paidOutAt) return //= return: no  idempotent, paid out before

  const invoice = await invoices.get(note.invoiceId)
  if (!invoice?.chargeId) {
    await creditNotes.toBalance(note.id)
    return //= return: yes  booked to the balance instead of paid out, nobody is told
  }

  try {
    const refund = await provider.refund(invoice.chargeId, note.amount)
    await creditNotes.markPaidOut(note.id, refund.id)
  } catch (err) { //= catch: maybe  something is thrown on, but the error itself is lost
    await creditNotes.markFailed(note.id)
    throw new Error(`payout of credit note ${creditNoteId} failed`) //= error-with-context  new error without the cause
  }
}

export async function exportToAccounting(creditNoteId: string): Promise<boolean> {
  const note = await creditNotes.get(creditNoteId)
  const invoice = note && (await invoices.get(note.invoiceId))
  if (!note || !invoice) {
    return false //= return: yes  booking is missing in the accounts, false goes nowhere
  }
  if (note.exportedAt) return true //= return: no  idempotent

  const period = await accounting.period(note.issuedAt)
  if (period.closed) return false //= return: yes  closed period, the booking is left out without trace

  try {
    await accounting.post({ account: '8200', amount: -note.amount, document: note.number, customer: invoice.accountId })
  } catch { //= catch: yes  booking failed, accounts and bills drift apart
    return false //= return: no  the swallowed error is the finding
  }
  await creditNotes.markExported(note.id)
  return true
}
