import { knex, withRetry } from '../db/knex.js'
import { createLogger } from '../lib/log.js'
import { grossToNet } from './tax.js'
import { queuePayslip } from './payslip-mailer.js'
import { notifyApprovers } from './notify.js'

const log = createLogger('pay-run')

export class PayRunError extends Error {
  constructor(code, message) {
    super(message)
    this.code = code
  }
}

export async function calculateRun(runId) {
  const run = await knex('pay_runs').where({ id: runId }).first()
  if (!run) throw new PayRunError('NOT_FOUND', 'pay run not found')
  if (run.state !== 'draft') return run //= return: maybe  caller gets the run with its state, but asked for a calculation

  const contracts = await knex('contracts')
    .where({ company_id: run.company_id })
    .where('starts_on', '<=', run.period_end)
  await withRetry(async (trx) => {
    await trx('pay_lines').where({ pay_run_id: runId }).del()
    for (const contract of contracts) {
      const line = await calculateLine(trx, run, contract)
      if (!line) continue
      await trx('pay_lines').insert(line)
    }
    await trx('pay_runs').where({ id: runId }).update({ state: 'calculated', calculated_at: trx.fn.now() })
  })
  log.info({ runId, contracts: contracts.length }, 'pay run calculated')
  return knex('pay_runs').where({ id: runId }).first()
}

async function calculateLine(trx, run, contract) {
  if (contract.ends_on && contract.ends_on < run.period_start) return null //= return: no  filter: contract outside of the period
  const card = await trx('tax_cards').where({ employee_id: contract.employee_id, year: run.year }).first()
  if (!card) return null //= return: yes  an employee is left out of the pay run for lack of a tax card
  const gross = contract.salary_cents
  const { net, tax, social } = grossToNet(gross, card)
  return { pay_run_id: run.id, employee_id: contract.employee_id, gross, net, tax, social }
}

export async function approveRun(runId, approver) {
  const run = await knex('pay_runs').where({ id: runId }).first()
  if (!run) throw new PayRunError('NOT_FOUND', 'pay run not found')
  if (run.state === 'approved') return run //= return: no  idempotent
  if (run.created_by === approver.id) throw new PayRunError('FOUR_EYES', 'someone else must approve')

  await knex('pay_runs').where({ id: runId }).update({ state: 'approved', approved_by: approver.id })
  log.info({ runId, approverId: approver.id }, 'pay run approved')

  const lines = await knex('pay_lines').where({ pay_run_id: runId })
  await Promise.all(lines.map((line) => queuePayslip(line)))
  return { ...run, state: 'approved' }
}

export async function requestApproval(runId) {
  const run = await knex('pay_runs').where({ id: runId }).first()
  if (run?.state !== 'calculated') return false //= return: yes  no request goes out and false says neither missing nor wrong state

  const approvers = await knex('users').where({ company_id: run.company_id, can_approve: true })
  if (approvers.length === 0) {
    log.warn({ runId, companyId: run.company_id }, 'no approver in the company')
    return false //= return: no  logged
  }
  try {
    await notifyApprovers(approvers, run)
  } catch (err) { //= catch: no  logged with the error, then rethrown
    log.error({ err, runId }, 'approvers were not notified') //= no-double-report  logged as an error and rethrown
    throw err
  }
  return true
}
