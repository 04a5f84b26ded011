import { primitives } from '../trace/attributes.js'
import type { Attributes } from '../trace/span.js'
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
export function requestSpan({ method, route, requestId, status, isTls, fields }: Served): {
  name: string
  attributes: Attributes
} {
  const { method: _method, path, ...bound } = fields
  const known = methodLabel(method)
  const isOther = known === 'OTHER'
  return {
    name: `${isOther ? 'HTTP' : known}${route === undefined ? '' : ` ${route}`}`,
    attributes: {
      ...primitives(bound),
      'http.request.method': isOther ? '_OTHER' : known,
      ...(isOther && { 'http.request.method_original': method }),
      'url.path': String(path),
      'url.scheme': isTls ? 'https' : 'http',
      ...(route !== undefined && { 'http.route': route }),
      'http.response.status_code': status,
      ...(status >= 500 && { 'error.type': String(status) }),
      request_id: requestId,
    },
  }
}
