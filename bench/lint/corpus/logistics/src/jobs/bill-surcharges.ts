import { parse } from 'csv-parse/sync'
import type { Deps } from '../deps'
import { createLogger } from '../shared/logger'

const log = createLogger('billing.surcharges')

type Row = { tracking: string; code: string; amount: string }

const cents = (amount: string): number | null => {
  const m = /^(-?\d+)[.,](\d{2})$/.exec(amount.trim())
  if (!m) return null  //= return: no  parser
  return Number(m[1]) * 100 + Math.sign(Number(m[1]) || 1) * Number(m[2])
}

const readRows = (file: Buffer): Row[] | null => {
  try {
    return parse(file, { columns: true, delimiter: ';', relax_quotes: true })  //= return: no  parser
  } catch {  //= catch: yes  a broken invoice file is a business problem, error with the line number dropped
    return null  //= return: no  told to the caller by null; the catch is the finding
  }
}

export const makeBillSurcharges = ({ db, ledger, sftp, clock, bus }: Deps) => {
  const billRow = async (row: Row, carrier: string) => {
    const amount = cents(row.amount)
    if (amount === null || amount === 0) return  //= return: yes  unreadable amount means lost money, no trace

    const shipment = await db.shipment.findFirst({ where: { trackingCode: row.tracking, carrier } })
    if (!shipment) return  //= return: yes  surcharge for an unknown parcel never billed

    const contract = await db.contract.findFirst({ where: { tenantId: shipment.tenantId, carrier } })
    if (contract?.surchargesIncluded) return  //= return: no  contract type decides, ordinary branch

    const billed = await db.surcharge.findFirst({ where: { shipmentId: shipment.id, code: row.code } })
    if (billed) return  //= return: no  idempotent, same file read again

    await ledger.charge(shipment.tenantId, amount, { reason: `surcharge:${row.code}`, shipmentId: shipment.id })
    await db.surcharge.create({ data: { shipmentId: shipment.id, code: row.code, amountCents: amount, at: clock.now() } })
  }

  return async (carrier: string) => {
    const files = await sftp.list(`/invoices/${carrier}/inbox`)
    if (files.length === 0) return { files: 0 }  //= return: no  nothing to do, count returned

    for (const file of files) {
      const rows = readRows(await sftp.get(file.path))
      if (!rows) {
        await sftp.move(file.path, file.path.replace('/inbox/', '/rejected/'))
        continue
      }
      for (const row of rows) await billRow(row, carrier)
      await sftp.move(file.path, file.path.replace('/inbox/', '/done/'))
      log.info('surcharge_file_billed', { carrier, file: file.name, rows: rows.length })
    }
    await bus.publish('billing.surcharges_ready', { carrier })
    return { files: files.length }
  }
}
