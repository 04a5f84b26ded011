import type { PoolClient } from 'pg'
import { pool } from '../lib/db.js'
import type { Invoice } from '../types.js'

type Db = Pick<PoolClient, 'query'> | undefined

const toInvoice = (row: any): Invoice => ({ ...row, accountId: row.account_id, amountDue: Number(row.amount_due) })

export async function get(id: string): Promise<Invoice | null> {
  const { rows } = await pool.query('SELECT * FROM invoices WHERE id = $1', [id])
  if (rows.length === 0) return null //= return: no  lookup
  return toInvoice(rows[0])
}

export async function findByProviderId(tx: Db, providerId: string | undefined): Promise<Invoice | null> {
  if (!providerId) return null //= return: no  lookup, guard on the parameter
  const { rows } = await (tx ?? pool).query('SELECT * FROM invoices WHERE provider_id = $1 FOR UPDATE', [providerId])
  return rows[0] ? toInvoice(rows[0]) : null
}

export async function markPaid(tx: Db, id: string, at: Date): Promise<void> {
  await (tx ?? pool).query("UPDATE invoices SET status = 'paid', paid_at = $2 WHERE id = $1", [id, at])
}

export async function recordFailure(tx: Db, id: string, code?: string) {
  await (tx ?? pool).query('UPDATE invoices SET attempts = attempts + 1, last_error = $2 WHERE id = $1', [id, code ?? 'unknown'])
}

export async function addLines(tx: Db, invoiceId: string, lines: { amount: number; description: string }[]): Promise<number> {
  if (!lines.length) return 0 //= return: no  nothing to add, guard on the parameter
  const { rows } = await (tx ?? pool).query('SELECT status FROM invoices WHERE id = $1', [invoiceId])
  if (rows[0]?.status !== 'draft') {
    return 0 //= return: yes  lines are not booked since the invoice is no draft any more
  }
  const values = lines.map((_, i) => `($1, $${i * 2 + 2}, $${i * 2 + 3})`).join(', ')
  const { rowCount } = await (tx ?? pool).query(`INSERT INTO invoice_lines (invoice_id, amount, description) VALUES ${values}`, [
    invoiceId,
    ...lines.flatMap((line) => [line.amount, line.description]),
  ])
  return rowCount ?? 0
}

export async function nextNumber(tx: PoolClient, country: string): Promise<string> {
  const { rows } = await tx.query('UPDATE invoice_sequences SET value = value + 1 WHERE country = $1 RETURNING value, prefix', [country])
  if (!rows.length) {
    const created = await tx.query("INSERT INTO invoice_sequences (country, value, prefix) VALUES ($1, 1, $1 || '-') RETURNING value, prefix", [country])
    return format(created.rows[0]) //= return: no  branch done
  }
  return format(rows[0])
}

const format = ({ prefix, value }: { prefix: string; value: number }) => `${prefix}${String(value).padStart(8, '0')}`
