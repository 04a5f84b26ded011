import { XMLParser } from 'fast-xml-parser'
import { knex } from '../db/knex.js'
import { createLogger } from '../lib/log.js'
import { notifyAccounting } from '../services/notify.js'
import { statementEntries } from '../services/metrics.js'

const log = createLogger('statements')
const parser = new XMLParser({ ignoreAttributes: false })

function endToEndId(entry) {
  const refs = entry.NtryDtls?.TxDtls?.Refs
  if (!refs) return null //= return: no  getter
  return refs.EndToEndId === 'NOTPROVIDED' ? null : refs.EndToEndId
}

function parseStatement(xml) {
  let doc
  try {
    doc = parser.parse(xml)
  } catch { //= catch: no  parse probe, the caller logs the unreadable file
    return null //= return: no  parser
  }
  const statement = doc?.Document?.BkToCstmrStmt?.Stmt
  if (!statement) return null //= return: no  parser
  return { id: statement.Id, entries: [].concat(statement.Ntry ?? []) }
}

export async function importStatement(fileName, xml) {
  const statement = parseStatement(xml)
  if (!statement) {
    log.warn({ fileName }, 'unreadable statement')
    return { matched: 0 } //= return: no  logged
  }
  const seen = await knex('statements').where({ bank_ref: statement.id }).first()
  // banks deliver the same statement again after midnight
  if (seen) return { matched: 0 } //= return: no  commented with a reason

  await knex('statements').insert({ bank_ref: statement.id, file_name: fileName })
  let matched = 0
  for (const entry of statement.entries) {
    statementEntries.inc({ direction: entry.CdtDbtInd, ref: endToEndId(entry) ?? 'none' }) //= bounded-labels  payment reference as a label value
    if (await matchEntry(entry)) matched += 1
  }
  log.info({ fileName, statement: statement.id, matched }, 'statement imported')
  return { matched }
}

async function matchEntry(entry) {
  switch (entry.CdtDbtInd) {
    case 'DBIT':
      return matchPayment(entry) //= return: no  dispatch
    case 'CRDT':
      return matchReturn(entry) //= return: no  dispatch
    default:
      return false //= return: no  type filter on a parameter
  }
}

async function matchPayment(entry) {
  const ref = endToEndId(entry)
  if (!ref) return false //= return: no  not one of our transfers, counted by the caller
  const updated = await knex('payments').where({ end_to_end_id: ref }).update({ state: 'booked', booked_on: entry.BookgDt })
  return updated > 0
}

async function matchReturn(entry) {
  const ref = endToEndId(entry)
  const payment = ref && (await knex('payments').where({ end_to_end_id: ref }).first())
  if (!payment) return false //= return: no  most credits are no returned salaries, counted by the caller
  if (payment.state === 'returned') return true //= return: no  idempotent

  await knex('payments').where({ id: payment.id }).update({ state: 'returned', return_code: entry.RtrInf?.Rsn?.Cd })
  const owner = await knex('users').where({ company_id: payment.company_id, role: 'accounting' }).first()
  if (!owner) return true //= return: yes  a returned salary and nobody told, since the company has no accountant
  await notifyAccounting(owner, payment)
  return true
}
