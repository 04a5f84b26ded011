import { isError } from '../errors/record.js'

/** What an event's fields may be as they are: no error, no array. */
export function isFields(fields: unknown): fields is object {
  if (typeof fields !== 'object' || fields === null) return false
  // A literal, as nearly all are.
  if (Object.getPrototypeOf(fields) === Object.prototype) return true
  return !isError(fields) && !Array.isArray(fields)
}

/** What people write by habit is kept: `log.error(error)`, `log.error('failed', error)`, `log.info('read', 5)`. */
export function repaired(event: unknown, fields: unknown): [string, object] {
  if (typeof event !== 'string') {
    const name = isError(event) ? 'error' : 'event_without_name'
    const first = isFields(event) ? event : isError(event) ? { error: event } : { value: event }
    return [name, fields === undefined ? first : { ...first, ...repaired('', fields)[1] }]
  }
  if (isFields(fields)) return [event, fields]
  if (isError(fields)) return [event, { error: fields }]
  return [event, fields === null ? {} : { value: fields }]
}
