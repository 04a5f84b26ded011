import { readFile } from 'node:fs/promises'
import { knex } from '../db/knex.js'
import { createLogger } from '../lib/log.js'
import { renderPayslip } from './pdf.js'
import { mailer } from './mailer.js'
import { payslipsSent } from './metrics.js'

const log = createLogger('payslip-mailer')

export async function queuePayslip(line) {
  const existing = await knex('payslips').where({ pay_line_id: line.id }).first()
  if (existing) return existing.id //= return: no  idempotent, id returned
  const [row] = await knex('payslips').insert({ pay_line_id: line.id, state: 'queued' }).returning('id')
  return row.id
}

export async function sendPayslip(payslipId) {
  const payslip = await knex('payslips')
    .join('pay_lines', 'pay_lines.id', 'payslips.pay_line_id')
    .join('employees', 'employees.id', 'pay_lines.employee_id')
    .where('payslips.id', payslipId)
    .first('payslips.*', 'employees.email', 'employees.paper_only', 'employees.locale', 'pay_lines.net')
  if (!payslip) return //= return: yes  queued payslip vanished, nobody is told
  if (payslip.state === 'sent') return //= return: no  idempotent
  if (payslip.paper_only) {
    await knex('print_queue').insert({ payslip_id: payslipId })
    return //= return: no  branch done, printed instead
  }
  if (!payslip.email) return //= return: yes  why did the employee never get a payslip

  const pdf = await renderPayslip(payslip)
  try {
    await mailer.send({
      to: payslip.email,
      template: `payslip.${payslip.locale ?? 'de'}`,
      attachments: [{ filename: 'payslip.pdf', content: pdf }],
    })
  } catch (err) { //= catch: no  logged and stored for a retry
    log.error({ err, payslipId }, 'payslip mail failed')
    payslipsSent.inc({ result: 'failed' })
    await knex('payslips').where({ id: payslipId }).increment('attempts', 1)
    return //= return: no  logged
  }
  await knex('payslips').where({ id: payslipId }).update({ state: 'sent', sent_at: knex.fn.now() })
  payslipsSent.inc({ result: 'sent', recipient: payslip.email }) //= bounded-labels  e-mail address as a label value
}

async function loadLogo(companyId) {
  try {
    return await readFile(`/var/lib/payroll/logos/${companyId}.png`) //= return: no  normal result
  } catch (err) { //= catch: no  narrowed to ENOENT
    if (err.code === 'ENOENT') return null //= return: no  the optional logo is absent
    throw err
  }
}

export async function sendPending(limit = 100) {
  const pending = await knex('payslips').where({ state: 'queued' }).where('attempts', '<', 5).limit(limit)
  if (!pending.length) return 0 //= return: no  nothing to do
  const logo = await loadLogo(pending[0].company_id)
  log.debug({ pending: pending.length, hasLogo: Boolean(logo) }, 'sending payslips')
  let sent = 0
  for (const payslip of pending) {
    try {
      await sendPayslip(payslip.id)
      sent += 1
    } catch (err) { //= catch: no  logged, although as text
      log.error({ payslipId: payslip.id }, `payslip failed: ${err.message}`) //= error-with-context  error as text in the message //= structured-event  interpolated message
    }
  }
  return sent
}
