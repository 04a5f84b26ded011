import { primitives } from '../trace/attributes.js'
import { screenedName } from '../trace/finish.js'
import type { AttributeValue, Description } from '../trace/span.js'
import { methodLabel } from './metrics.js'

const clientLeft = 499

interface Served {
  readonly method: string
  readonly route: string | undefined
  readonly requestId: string
  /** As the request's event has it: 499 where the client left first. */
  readonly status: number
  /** Undefined where no head was sent. */
  readonly sentStatus: number | undefined
  readonly isTls: boolean
  /** The request's context: `method`, `path` and what was bound to it. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** OpenTelemetry's semantic conventions for HTTP servers, and what was bound to the request. */
export function requestSpan(served: Served): Description {
  const { method, route, requestId, status, sentStatus, isTls, fields } = served
  const { method: _method, path, ...bound } = fields
  const known = methodLabel(method)
  const isOther = known === 'OTHER'
  const own: Record<string, AttributeValue> = {
    'http.request.method': isOther ? '_OTHER' : known,
    'url.scheme': isTls ? 'https' : 'http',
    request_id: requestId,
  }
  if (route !== undefined) own['http.route'] = screenedName(route)
  if (sentStatus !== undefined) own['http.response.status_code'] = sentStatus
  if (status >= 500) own['error.type'] = String(status)
  else if (status === clientLeft && sentStatus !== clientLeft) own['error.type'] = 'aborted'
  const given: Record<string, AttributeValue> = { ...primitives(bound), 'url.path': String(path) }
  if (isOther) given['http.request.method_original'] = method
  return { name: `${isOther ? 'HTTP' : known}${route === undefined ? '' : ` ${route}`}`, own, given }
}
