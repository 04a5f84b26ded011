import { readdir, readFile, rename } from 'node:fs/promises'
import path from 'node:path'
import { knex } from '../db/knex.js'
import { createLogger } from '../lib/log.js'
import { notifyAccounting } from '../services/notify.js'

const log = createLogger('garnishments')
const INBOX = process.env.COURT_INBOX ?? '/var/lib/payroll/court'

async function listOrders() {
  try {
    const names = await readdir(INBOX)
    return names.filter((name) => name.endsWith('.json')) //= return: no  normal result
  } catch (err) { //= catch: no  narrowed to a missing folder
    if (err.code !== 'ENOENT') throw err
    return [] //= return: no  no inbox on this host
  }
}

async function readOrder(name) {
  const text = await readFile(path.join(INBOX, name), 'utf8')
  try {
    return JSON.parse(text) //= return: no  normal result
  } catch { //= catch: no  parse probe
    return undefined //= return: no  parser
  }
}

async function takeOver(name) {
  const order = await readOrder(name)
  if (!order) return false //= return: yes  a court order that can't be read is passed over each night
  const employee = await knex('employees').where({ tax_id: order.taxId }).first()
  if (!employee) {
    await rename(path.join(INBOX, name), path.join(INBOX, 'unknown', name))
    log.warn({ file: name, orderNo: order.number }, 'order for an unknown employee')
    return false //= return: no  logged
  }
  const known = await knex('garnishments').where({ order_no: order.number }).first()
  if (known?.amount_cents === order.amountCents) return true //= return: no  unchanged
  if (employee.left_on && new Date(employee.left_on) < new Date()) return false //= return: yes  an order against someone who left is put aside unseen
  await knex('garnishments')
    .insert({ order_no: order.number, employee_id: employee.id, amount_cents: order.amountCents })
    .onConflict('order_no')
    .merge()
  await rename(path.join(INBOX, name), path.join(INBOX, 'done', name))
  const accountant = await knex('users').where({ company_id: employee.company_id, role: 'accounting' }).first()
  if (!accountant) return true //= return: maybe  taken over, but the accountants' notice is left out
  await notifyAccounting(accountant, { orderNo: order.number })
  return true
}

export async function takeOverOrders() {
  const names = await listOrders()
  if (names.length === 0) return //= return: no  nothing to do
  let taken = 0
  for (const name of names) {
    try {
      if (await takeOver(name)) taken += 1
    } catch (err) { //= catch: yes  only the file's name is logged, never the error
      log.error({ file: name }, 'order not taken over')
    }
  }
  log.info(`${taken} of ${names.length} orders taken over`) //= structured-event  interpolated message
}
