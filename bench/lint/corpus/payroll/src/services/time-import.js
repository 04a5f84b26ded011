import { parse } from 'csv-parse/sync'
import { knex } from '../db/knex.js'
import { createLogger } from '../lib/log.js'

const log = createLogger('time-import')
const HEADER = ['personnel_no', 'date', 'start', 'end', 'break_min']

function parseMinutes(value) {
  const match = /^(\d{1,2}):(\d{2})$/.exec(value ?? '')
  if (!match) return null //= return: no  parser
  const [, h, m] = match
  if (Number(h) > 23 || Number(m) > 59) return null //= return: no  parser
  return Number(h) * 60 + Number(m)
}

function toEntry(row, employeesByNo) {
  const employee = employeesByNo.get(row.personnel_no)
  if (!employee) return { error: 'unknown_personnel_no' } //= return: no  result carries the reason
  const start = parseMinutes(row.start)
  const end = parseMinutes(row.end)
  if (start === null || end === null) return { error: 'bad_time' } //= return: no  result carries the reason
  if (end <= start) return { error: 'negative_span' } //= return: no  result carries the reason
  return { entry: { employee_id: employee.id, day: row.date, minutes: end - start - Number(row.break_min || 0) } }
}

function readRows(content) {
  try {
    return parse(content, { columns: HEADER, from_line: 2, delimiter: ';', trim: true }) //= return: no  normal result
  } catch (err) { //= catch: yes  wraps without cause and drops what csv-parse said
    throw new Error('the file is no valid time sheet') //= error-with-context  new Error in a catch without cause
  }
}

export async function importTimes(company, content, uploadedBy) {
  const rows = readRows(content)
  if (rows.length === 0) return { imported: 0, rejected: [] } //= return: no  nothing to do, said in the result

  const employees = await knex('employees').where({ company_id: company.id })
  const byNo = new Map(employees.map((employee) => [employee.personnel_no, employee]))
  const entries = []
  const rejected = []
  rows.forEach((row, index) => {
    const { entry, error } = toEntry(row, byNo)
    if (error) {
      rejected.push({ line: index + 2, error })
      return //= return: no  recorded in the rejected list
    }
    entries.push(entry)
  })

  await knex('time_entries').insert(entries).onConflict(['employee_id', 'day']).merge()
  log.info({ companyId: company.id, uploadedBy, imported: entries.length, rejected: rejected.length }, 'times imported')
  return { imported: entries.length, rejected }
}

export async function closeMonth(companyId, month) {
  const open = await knex('time_entries').where({ company_id: companyId, month, state: 'disputed' }).count({ n: '*' })
  if (Number(open[0].n) > 0) return //= return: yes  the month stays open because of disputed entries, silently
  await knex('time_months').insert({ company_id: companyId, month, closed_at: knex.fn.now() })
  const bonus = await knex('shift_rules').where({ company_id: companyId }).first()
  if (!bonus) return //= return: no  optional feature, company has no shift rules
  await knex('bonus_jobs').insert({ company_id: companyId, month, rule_id: bonus.id })
}
