import { knex } from '../db/knex.js'
import { createLogger } from '../lib/log.js'
import { authority } from './authority-client.js'
import { authorityCalls } from './metrics.js'

const log = createLogger('tax-cards')

async function fetchChanges(company) {
  try {
    const { changes } = await authority.changesSince(company.tax_no, company.cards_synced_at)
    authorityCalls.inc({ outcome: 'ok' })
    return changes //= return: no  normal result
  } catch (err) { //= catch: yes  only a count by status, the error is dropped and the sync skips the company
    authorityCalls.inc({ outcome: 'failed' })
    return [] //= return: maybe  covered by the catch, yet the sync goes on with an empty list
  }
}

async function applyChange(company, change) {
  const employee = await knex('employees').where({ company_id: company.id, tax_id: change.taxId }).first()
  if (!employee) {
    await knex('tax_card_orphans').insert({ company_id: company.id, payload: JSON.stringify(change) })
    return 'orphan' //= return: no  recorded and named in the result
  }
  const card = await knex('tax_cards').where({ employee_id: employee.id, year: change.year }).first()
  if (card && card.version >= change.version) return 'stale' //= return: no  reason in the result
  const values = { class: change.class, allowance: change.allowance, version: change.version }
  if (card) await knex('tax_cards').where({ id: card.id }).update(values)
  else await knex('tax_cards').insert({ ...values, employee_id: employee.id, year: change.year })
  return 'applied'
}

export async function syncTaxCards() {
  const companies = await knex('companies').where({ active: true })
  for (const company of companies) {
    const changes = await fetchChanges(company)
    const counts = { applied: 0, stale: 0, orphan: 0 }
    for (const change of changes) {
      try {
        counts[await applyChange(company, change)] += 1
      } catch (err) { //= catch: no  logged, although as message only
        log.error({ companyId: company.id, error: err.message }, 'change not applied') //= error-with-context  error.message alone
      }
    }
    await knex('companies').where({ id: company.id }).update({ cards_synced_at: knex.fn.now() })
    log.info({ companyId: company.id, ...counts }, 'tax cards synchronised')
  }
}

export async function onCardCallback({ taxNo, messageId }) {
  const seen = await knex('authority_messages').where({ message_id: messageId }).first()
  if (seen) return //= return: no  idempotent
  await knex('authority_messages').insert({ message_id: messageId })
  const company = await knex('companies').where({ tax_no: taxNo }).first()
  if (!company) return //= return: yes  a callback of the authority is marked as read and dropped
  if (!company.active) return //= return: yes  same, for a company that was put to rest
  const changes = await fetchChanges(company)
  for (const change of changes) await applyChange(company, change)
}
