import { createHash } from 'node:crypto'
import { create } from 'xmlbuilder2'
import SftpClient from 'ssh2-sftp-client'
import { knex } from '../db/knex.js'
import { createLogger } from '../lib/log.js'
import { isValidIban } from '../lib/iban.js'

const log = createLogger('sepa')

export async function buildTransferFile(runId) {
  const run = await knex('pay_runs').where({ id: runId }).first()
  if (!run || run.state !== 'approved') return null //= return: yes  no bank file is built, null says nothing of why
  const account = await knex('company_accounts').where({ company_id: run.company_id, is_payroll: true }).first()
  if (!account) {
    log.error({ runId, companyId: run.company_id }, 'no payroll account, file not built')
    return null //= return: no  logged
  }
  const lines = await knex('pay_lines')
    .join('employees', 'employees.id', 'pay_lines.employee_id')
    .where({ pay_run_id: runId })
    .select('pay_lines.*', 'employees.iban', 'employees.name')
  const payable = lines.filter((line) => {
    if (line.net <= 0) return false //= return: no  predicate of a filter
    return isValidIban(line.iban)
  })
  if (payable.length < lines.length) {
    log.warn(`run ${runId}: ${lines.length - payable.length} lines without a usable account`) //= structured-event  interpolated message
  }

  const doc = create({ version: '1.0', encoding: 'UTF-8' }).ele('Document').ele('CstmrCdtTrfInitn')
  for (const line of payable) {
    doc.ele('CdtTrfTxInf').ele('Amt').txt((line.net / 100).toFixed(2)).up().ele('Nm').txt(line.name)
  }
  const xml = doc.end()
  const checksum = createHash('sha256').update(xml).digest('hex')
  const [file] = await knex('bank_files').insert({ pay_run_id: runId, xml, checksum, state: 'built' }).returning('*')
  return file
}

export async function uploadFile(file) {
  const settings = await knex('bank_connections').where({ id: file.connection_id }).first()
  if (!settings?.sftp_host) return 'manual' //= return: no  no SFTP configured, the caller learns it is a manual upload
  if (file.state === 'uploaded') return 'uploaded' //= return: no  idempotent
  const sftp = new SftpClient()
  try {
    log.debug({ host: settings.sftp_host, password: settings.sftp_password }, 'connecting') //= no-sensitive-fields  password in a log
    await sftp.connect({ host: settings.sftp_host, username: settings.sftp_user, password: settings.sftp_password })
    await sftp.put(Buffer.from(file.xml), `/in/${file.id}.xml.tmp`)
    await sftp.rename(`/in/${file.id}.xml.tmp`, `/in/${file.id}.xml`)
  } catch (err) { //= catch: no  rethrown with cause
    throw new Error('bank file upload failed', { cause: err })
  } finally {
    await sftp.end().catch(() => {}) //= catch: maybe  closing after the fact, without a comment
  }
  await knex('bank_files').where({ id: file.id }).update({ state: 'uploaded', uploaded_at: knex.fn.now() })
  return 'uploaded'
}

export async function uploadPending() {
  const files = await knex('bank_files').where({ state: 'built' })
  for (const file of files) {
    await uploadFile(file).catch((err) => log.error({ err, fileId: file.id }, 'upload failed')) //= catch: no  logged
  }
}
