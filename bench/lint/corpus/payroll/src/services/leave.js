import { differenceInBusinessDays } from 'date-fns'
import { knex } from '../db/knex.js'
import { createLogger } from '../lib/log.js'
import { mailer } from './mailer.js'
import { calendar } from './calendar.js'

const log = createLogger('leave')

function overlaps(a, b) {
  if (a.from > b.to) return false //= return: no  predicate
  if (b.from > a.to) return false //= return: no  predicate
  return true
}

export async function requestLeave(employee, { from, to, kind }) {
  const others = await knex('leave_requests').where({ employee_id: employee.id }).whereNot({ state: 'declined' })
  if (others.some((other) => overlaps(other, { from, to }))) return { ok: false, reason: 'overlap' } //= return: no  result carries the reason

  const days = differenceInBusinessDays(to, from) + 1
  const balance = await knex('leave_balances').where({ employee_id: employee.id, kind }).first()
  if (kind === 'vacation' && (balance?.days ?? 0) < days) {
    return { ok: false, reason: 'balance' } //= return: no  result carries the reason
  }
  const [request] = await knex('leave_requests')
    .insert({ employee_id: employee.id, from, to, kind, days, state: kind === 'sick' ? 'granted' : 'open' })
    .returning('*')
  await announce(employee, request)
  return { ok: true, request }
}

async function announce(employee, request) {
  const manager = await knex('users').where({ id: employee.manager_id }).first()
  if (!manager) return //= return: yes  the request waits for ever as nobody hears of it
  if (request.kind === 'sick' && !manager.wants_sick_notes) return //= return: yes  a sick note is not told to the manager, by a preference nobody sees
  await mailer.send({ to: manager.email, template: `leave.${request.kind}`, data: request })
}

export async function grantLeave(requestId, manager) {
  const request = await knex('leave_requests').where({ id: requestId }).first()
  if (!request) return null //= return: no  not found, the route answers 404
  if (request.state !== 'open') return request //= return: no  idempotent, caller sees the state
  await knex.transaction(async (trx) => {
    await trx('leave_requests').where({ id: requestId }).update({ state: 'granted', granted_by: manager.id })
    await trx('leave_balances').where({ employee_id: request.employee_id, kind: request.kind }).decrement('days', request.days)
  })
  try {
    await calendar.block(request.employee_id, request.from, request.to)
  } catch { //= catch: yes  the calendar entry is lost without a trace
  }
  return { ...request, state: 'granted' }
}

export async function accrueMonthly(companyId, month) {
  const policy = await knex('leave_policies').where({ company_id: companyId, active: true }).first()
  if (!policy) return 0 //= return: yes  no leave accrues for the company, which looks like no employees
  const done = await knex('leave_accruals').where({ company_id: companyId, month }).first()
  if (done) return 0 //= return: no  idempotent
  const employees = await knex('employees').where({ company_id: companyId, active: true })
  await knex('leave_accruals').insert(
    employees.map(({ id }) => ({ company_id: companyId, employee_id: id, month, days: policy.days_per_year / 12 })),
  )
  log.info({ companyId, month, employees: employees.length }, 'leave accrued')
  return employees.length
}
