import { textOf, type Entry } from './entry.js'

const maxRequests = 512

/**
 * Tells whether an entry's `method` and `path` only repeat its request's: they do on the lines inside a request, whose end
 * shows them. A call field that happens to be named `path` differs and stays. Remembers the last 512 requests.
 */
export function createRepeats(): (entry: Entry) => boolean {
  const seen = new Map<string, string>()
  return (entry) => {
    const id = textOf(entry, 'request_id')
    const method = textOf(entry, 'method')
    const path = textOf(entry, 'path')
    if (id === undefined || method === undefined || !path?.startsWith('/')) return false
    const target = `${method} ${path}`
    const first = seen.get(id)
    if (first !== undefined) return first === target
    if (seen.size >= maxRequests) for (const oldest of seen.keys()) if (seen.delete(oldest)) break
    seen.set(id, target)
    return true
  }
}
