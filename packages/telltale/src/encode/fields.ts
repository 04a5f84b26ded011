import { briefFingerprint, isError } from '../errors/record.js'
import { beyondCopied, copyFields, maxFields } from './copy.js'
import { alteredKeyText, keyInfo } from './key.js'
import { cutKeys } from './reserved-keys.js'
import { budgetLeft, censored, encodeErrorField, encodeValue, isSecretPair } from './value.js'

type CutKey = (typeof cutKeys)[keyof typeof cutKeys]

export { maxFields }

/**
 * `,"name":value` for each field, in order; `error` and `err` as an error record. Fields that `except` has are left out:
 * a later layer writes them. `cut` is the key that stands for those beyond the number.
 */
export function encodeFields(fields: object, except?: object, cut: CutKey = cutKeys.call): string {
  let out = ''
  let count = 0
  let more = 0
  let taken: Set<string> | undefined
  for (const name in fields) {
    if (count === maxFields || budgetLeft() <= 0) {
      more++
      continue
    }
    if (!Object.hasOwn(fields, name) || (except !== undefined && Object.hasOwn(except, name))) continue
    let value: unknown
    try {
      value = (fields as Record<string, unknown>)[name]
    } catch {
      value = '[Throws]'
    }
    if (value === undefined) continue
    count++
    const info = keyInfo(name)
    if (info.errorName && isErrorField(name, value, fields)) {
      out += encodeErrorField(value)
      continue
    }
    const written = info.reserved ? keyInfo(freeName(name, fields)) : info
    out += written.altered
      ? `,${alteredKeyText(written, (taken ??= new Set(Object.keys(fields).slice(0, 1000))))}`
      : written.next
    const fingerprint = info.errorName ? briefFingerprint(value) : undefined
    if (info.secret && (info.secretNumber || typeof value !== 'number')) out += censored
    else out += info.pairValue && isSecretPairHere(fields) ? censored : encodeValue(value, name, 1)
    if (fingerprint !== undefined) out += `,"error_fingerprint":"${fingerprint}"`
  }
  more += beyondCopied(fields)
  return more === 0 ? out : `${out},"${cut}":"(+${more} keys)"`
}

function isSecretPairHere(fields: object): boolean {
  try {
    return isSecretPair(fields)
  } catch {
    return true
  }
}

/**
 * The fields as they are now, under the names by which they are written: what a scope or a bound logger keeps. Of more
 * than a line holds the first and the number of the others, which costs what walking an object costs.
 */
export function ownFields(fields: object | undefined): Record<string, unknown> {
  const own = copyFields(fields)
  for (const name of Object.keys(own)) {
    const written = writtenName(name, own)
    if (written === name) continue
    own[written] = own[name]
    delete own[name]
  }
  return own
}

/** The key that a field ends up under: `level` as `level_`, an error's `err` as `error`, a name with a secret without. */
export function writtenName(name: string, fields: object): string {
  const info = keyInfo(name)
  if (info.reserved) return freeName(name, fields)
  if (info.altered) return info.name
  return name === 'err' && info.errorName && isErrorField(name, read(fields, name), fields) ? 'error' : name
}

/** An Error under `err` is written as `error`; under `error` also whatever else was thrown becomes a record. */
function isErrorField(name: string, value: unknown, fields: object): boolean {
  if (isError(value)) return name === 'error' || !Object.hasOwn(fields, 'error')
  return name === 'error' && (typeof value !== 'object' || value === null)
}

function freeName(name: string, fields: object): string {
  let free = `${name}_`
  while (Object.hasOwn(fields, free)) free += '_'
  return free
}

function read(fields: object, name: string): unknown {
  try {
    return (fields as Record<string, unknown>)[name]
  } catch {
    return undefined
  }
}
