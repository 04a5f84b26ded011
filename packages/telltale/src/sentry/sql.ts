import { withoutLiterals } from '../db/statement.js'
import { withoutQuery } from './queries.js'

const begins =
  /\b(?:select|values|exec|(?:insert|replace|merge)\s+into|delete\s+from|update\s+[\w."`[\]]+\s+set)\b/i
const systems =
  /^(?:postgres(?:ql)?|sqlite|mssql|microsoft\.sql_server|oracle(?:\.db)?|cockroachdb|redshift)$/
const doubleQuoted = /"(?:[^"]|"")*(?:"|$)/g
// As drivers write them behind a statement, or as JSON does.
const parametersBehind = /\b(?:params|parameters|bindings|values)\\*"?:/i

/**
 * A statement without its literals, of a database that may not be known: text in double quotes is an identifier for some
 * and a string for others, so it stays where the system says so, and a backslash before a quote hides all behind it.
 */
export function statementOf(sql: string, system?: unknown): string {
  if (typeof system === 'string' && systems.test(system)) return withoutLiterals(sql)
  const escape = sql.search(/\\['"]/)
  const told = escape === -1 ? sql : sql.slice(0, escape)
  return withoutLiterals(told).replace(doubleQuoted, '?') + (escape === -1 ? '' : '…')
}

export function quotesStatement(text: string): boolean {
  return begins.test(text)
}

/**
 * Text that may be about a statement or a URL, as messages are: from the statement on without literals, URLs without their
 * queries. Linear.
 */
export function textOf(text: string, system?: unknown): string {
  const at = text.search(begins)
  if (at === -1) return withoutQuery(text)
  const sql = text.slice(at)
  const end = sql.search(parametersBehind)
  const statement = statementOf(end === -1 ? sql : sql.slice(0, end), system)
  return withoutQuery(text.slice(0, at)) + statement + (end === -1 ? '' : ' …')
}
