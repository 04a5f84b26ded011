import { addDays, formatISO, isWeekend } from 'date-fns'
import { knex } from '../db/knex.js'
import { createLogger } from '../lib/log.js'
import { mailer } from '../services/mailer.js'
import { slack } from '../services/slack.js'

const log = createLogger('reminders')
const DAYS_BEFORE_END = [42, 14, 3]

export async function remindMissingTimes(today = new Date()) {
  if (isWeekend(today)) return //= return: no  schedule guard on a parameter
  const companies = await knex('companies').where({ tracks_time: true })
  for (const company of companies) {
    await remindCompany(company, today).catch((err) => { //= catch: no  logged
      log.error({ err, companyId: company.id }, 'reminders failed')
    })
  }
}

async function remindCompany(company, today) {
  const settings = await knex('reminder_settings').where({ company_id: company.id }).first()
  if (!settings || settings.paused_until > today) return //= return: yes  a whole company gets no reminders, missing settings and a pause look alike
  const missing = await knex('employees')
    .leftJoin('time_entries', 'time_entries.employee_id', 'employees.id')
    .where('employees.company_id', company.id)
    .whereNull('time_entries.id')
    .select('employees.*')
  if (missing.length < settings.min_missing) return //= return: no  threshold not reached

  for (const employee of missing) await remindEmployee(employee)
  if (!settings.slack_channel) return //= return: no  optional feature absent
  await slack.post(settings.slack_channel, `${missing.length} time sheets are missing`)
}

async function remindEmployee(employee) {
  const last = await knex('reminders').where({ employee_id: employee.id }).orderBy('sent_at', 'desc').first()
  if (last && addDays(last.sent_at, 3) > new Date()) return //= return: no  throttle, reminded lately
  const address = employee.email ?? (await findPrivateAddress(employee.id))
  if (!address) return //= return: yes  the employee is never reminded and nobody sees why
  await mailer.send({ to: address, template: 'missing-times', data: { name: employee.first_name } })
  await knex('reminders').insert({ employee_id: employee.id, kind: 'times' })
}

async function findPrivateAddress(employeeId) {
  const contact = await knex('contacts').where({ employee_id: employeeId, kind: 'private' }).first()
  return contact?.consent ? contact.email : null
}

export async function remindContractEnds() {
  for (const days of DAYS_BEFORE_END) {
    const day = formatISO(addDays(new Date(), days), { representation: 'date' })
    const contracts = await knex('contracts').where({ ends_on: day })
    for (const contract of contracts) await remindContractEnd(contract, days)
  }
}

async function remindContractEnd(contract, days) {
  const successor = await knex('contracts')
    .where({ employee_id: contract.employee_id })
    .where('starts_on', '>=', contract.ends_on)
    .first()
  // already extended
  if (successor) return //= return: no  commented with a reason
  const manager = await knex('users').where({ id: contract.manager_id }).first()
  if (!manager?.active) return //= return: yes  a contract runs out and nobody is told since the manager left
  try {
    await mailer.send({ to: manager.email, template: 'contract-end', data: { days, contractId: contract.id } })
  } catch (e) { //= catch: yes  the error itself reaches no log
    log.error({ contractId: contract.id }, 'mail failed')
  }
}
