import { maskByRoute } from '../http/path.js'

// Of `GET https://host/a` all but the path.
const beforePath = /^(?:[A-Z]+ )?(?:[a-z][a-z\d+.-]*:\/\/[^/]*)?(?=\/)/i

/** A request's URL, its path or `GET /path`, with its path as the log has it: without the parameters that its route calls secret. */
export function maskedByRoute(text: string, route: unknown): string {
  const start = beforePath.exec(text)?.[0].length
  if (typeof route !== 'string' || start === undefined) return text
  const path = text.slice(start)
  return path === route ? text : text.slice(0, start) + maskByRoute(path, route)
}
