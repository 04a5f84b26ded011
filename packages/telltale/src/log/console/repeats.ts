import { textOf, type Entry } from './entry.js'

const maxRequests = 512
const maxSaid = 64
const maxText = 64

/** What the lines of one request, or of a flow outside of any, repeat. */
export interface Repeats {
  /**
   * Whether an entry's `method` and `path` only repeat its request's: they do on the lines inside a request, whose end
   * shows them. A call field that happens to be named `path` differs and stays.
   */
  target(entry: Entry): boolean
  /** Whether an earlier line of the same request had this field with this value, as context has. Asked once a field. */
  said(entry: Entry, key: string): boolean
}

interface Request {
  target: string | undefined
  readonly fields: Set<string>
}

/** Remembers the last 512 requests, and of each the first 64 short fields. */
export function createRepeats(): Repeats {
  const requests = new Map<string, Request>()

  const requestOf = (entry: Entry): Request | undefined => {
    const id = textOf(entry, 'request_id') ?? textOf(entry, 'flow_id')
    if (id === undefined || id.length > maxText * 4) return undefined
    const known = requests.get(id)
    if (known !== undefined) return known
    if (requests.size >= maxRequests) for (const oldest of requests.keys()) if (requests.delete(oldest)) break
    const request = { target: undefined, fields: new Set<string>() }
    requests.set(id, request)
    return request
  }

  return {
    target(entry) {
      const method = textOf(entry, 'method')
      const path = textOf(entry, 'path')
      if (textOf(entry, 'request_id') === undefined || method === undefined || !path?.startsWith('/'))
        return false
      const request = requestOf(entry)
      if (request === undefined) return false
      const target = `${method} ${path}`
      request.target ??= target
      return request.target === target
    },
    said(entry, key) {
      const value = entry[key]
      if (key.length > maxText || typeof value === 'object') return false
      if (typeof value === 'string' && value.length > maxText) return false
      const fields = requestOf(entry)?.fields
      if (fields === undefined) return false
      const field = `${key}=${String(value)}`
      if (fields.has(field)) return true
      if (fields.size < maxSaid) fields.add(field)
      return false
    },
  }
}
