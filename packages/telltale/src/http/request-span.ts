import { primitives } from '../trace/attributes.js'
import { screenedName } from '../trace/finish.js'
import type { AttributeValue, Description } from '../trace/span.js'
import { methodLabel } from './metrics.js'

interface Served {
  readonly method: string
  readonly route: string | undefined
  readonly requestId: string
  readonly status: number
  readonly isTls: boolean
  /** The request's context: `method`, `path` and what was bound to it. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** OpenTelemetry's semantic conventions for HTTP servers, and what was bound to the request. */
export function requestSpan({ method, route, requestId, status, isTls, fields }: Served): Description {
  const { method: _method, path, ...bound } = fields
  const known = methodLabel(method)
  const isOther = known === 'OTHER'
  const own: Record<string, AttributeValue> = {
    'http.request.method': isOther ? '_OTHER' : known,
    'url.scheme': isTls ? 'https' : 'http',
    'http.response.status_code': status,
    request_id: requestId,
  }
  if (route !== undefined) own['http.route'] = screenedName(route)
  if (status >= 500) own['error.type'] = String(status)
  const given: Record<string, AttributeValue> = { ...primitives(bound), 'url.path': String(path) }
  if (isOther) given['http.request.method_original'] = method
  return { name: `${isOther ? 'HTTP' : known}${route === undefined ? '' : ` ${route}`}`, own, given }
}
