import { isError } from '../errors/record.js'
import { slot } from '../state/state.js'
import { keyInfo } from './key.js'
import { budgetLeft, censored, encodeErrorField, encodeValue } from './value.js'

/** Keys that only the line itself writes, in the line's order. A field of the same name is written as `name_`. */
export const reservedKeys = [
  'timestamp',
  'level',
  'logger',
  'event',
  'service',
  'version',
  'environment',
  'instance',
  'request_id',
  'trace_id',
  'span_id',
  'flow_id',
] as const

export type ReservedKey = (typeof reservedKeys)[number]

const own = ['error_fingerprint', 'error_seen']
const reserved = slot('encode.reserved', () => ({ names: new Set<string>([...reservedKeys, ...own]) }))

/** The names under which the line's own keys are written, where `log.keys` renames some. */
export function setReservedNames(names: readonly string[]): void {
  reserved.names = new Set([...names, ...own])
}

const maxFields = 128

/**
 * `,"name":value` for each field, in order. `error` and `err` are written as an error record. Fields whose names are in
 * `except` are left out: a later layer writes them.
 */
export function encodeFields(fields: object, except?: object): string {
  let out = ''
  let count = 0
  for (const name in fields) {
    if (!Object.hasOwn(fields, name) || (except !== undefined && Object.hasOwn(except, name))) continue
    if (count === maxFields || budgetLeft() <= 0) {
      out += `,"…":"(+${Object.keys(fields).length - count} keys)"`
      break
    }
    let value: unknown
    try {
      value = (fields as Record<string, unknown>)[name]
    } catch (error) {
      value = `[Throws: ${String((error as { message?: unknown } | null)?.message)}]`
    }
    if (value === undefined) continue
    count++
    if (name === 'error' || name === 'err') {
      const text = encodeErrorLike(name, value, fields)
      if (text !== undefined) {
        out += text
        continue
      }
    }
    const info = keyInfo(reserved.names.has(name) ? freeName(name, fields) : name)
    if (info.secret && (info.secretNumber || typeof value !== 'number')) out += `,${info.text}${censored}`
    else
      out += `,${info.altered ? `"${info.text.slice(1, -2)} #${count}":` : info.text}${encodeValue(value, name, 1)}`
  }
  return out
}

/** An Error under `err` is written as `error`; under `error` anything that was thrown becomes a record. */
function encodeErrorLike(name: string, value: unknown, fields: object): string | undefined {
  if (isError(value)) return name === 'err' && 'error' in fields ? undefined : encodeErrorField(value)
  if (name === 'error' && (typeof value !== 'object' || value === null)) return encodeErrorField(value)
  return undefined
}

function freeName(name: string, fields: object): string {
  let free = `${name}_`
  while (free in fields) free += '_'
  return free
}
