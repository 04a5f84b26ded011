import { knex } from '../db/knex.js'
import { createLogger } from '../lib/log.js'
import { mailer } from './mailer.js'
import { ocr } from './ocr-client.js'
import { rates } from './exchange-rates.js'

const log = createLogger('expenses')

export async function onReceiptUploaded({ receiptId, uploadedBy }) {
  const receipt = await knex('receipts').where({ id: receiptId }).first()
  if (!receipt || receipt.deleted_at) return //= return: yes  an uploaded receipt is never read, with nothing said
  const { mime_type: type, expense_id: expenseId } = receipt
  if (type !== 'application/pdf' && !type.startsWith('image/')) return //= return: yes  the kind of file is not read, the employee waits for the amounts

  let fields
  try {
    fields = await ocr.read(receipt.storage_key)
  } catch (err) { //= catch: no  the error is kept with the receipt
    await knex('receipts').where({ id: receiptId }).update({ ocr_error: err.message })
    return //= return: no  kept with the receipt
  }
  if (fields.confidence < 0.6) {
    await knex('receipts').where({ id: receiptId }).update({ needs_review: true })
    return //= return: no  branch done, marked for review
  }
  const expense = await knex('expenses').where({ id: expenseId }).first()
  if (expense.amount_cents != null) return //= return: no  typed in by hand already
  await knex('expenses').where({ id: expenseId }).update({ amount_cents: fields.amount, currency: fields.currency })
  log.info({ receiptId, expenseId, uploadedBy }, 'receipt read')
}

export async function convert(expense) {
  if (expense.currency === 'EUR') return expense.amount_cents //= return: no  pure branch, nothing to convert
  const rate = await rates.on(expense.day, expense.currency).catch(() => undefined) //= catch: yes  the rates service's failure looks like a missing rate
  if (!rate) return null //= return: no  getter, null means no rate to its caller
  return Math.round(expense.amount_cents / rate)
}

export async function reimburse(expenseId) {
  const expense = await knex('expenses').where({ id: expenseId, state: 'approved' }).first()
  if (!expense) return //= return: yes  an approved expense is not paid back when the state is off or the row gone
  const cents = await convert(expense)
  if (cents === null) return //= return: yes  not paid back for lack of an exchange rate
  const run = await knex('pay_runs').where({ company_id: expense.company_id, state: 'draft' }).orderBy('period_end').first()
  if (!run) return //= return: yes  not paid back as there is no open pay run
  await knex('pay_extras').insert({ pay_run_id: run.id, employee_id: expense.employee_id, cents, expense_id: expenseId })
  await knex('expenses').where({ id: expenseId }).update({ state: 'scheduled' })
  const employee = await knex('employees').where({ id: expense.employee_id }).first()
  if (!employee.email) return //= return: no  reimbursed anyhow, the payslip shows it
  mailer
    .send({ to: employee.email, template: 'expense-scheduled', data: { cents } })
    .catch((err) => log.warn({ err, expenseId }, 'mail not sent')) //= catch: no  logged
}
