import { asNumber, asText, createPicker, isEntry, type Entry } from './entry.js'
import type { Head } from './line.js'

const maxRequests = 512

interface Target {
  readonly method: string
  readonly path: string
}

/** Method and path of the requests begun lately, for loggers that name them at a request's beginning alone. */
export interface Requests {
  /** Tells whether the request is a new one. */
  begin(id: string, target: Target): boolean
  end(id: string): Target | undefined
}

export function createRequests(): Requests {
  const open = new Map<string, Target>()
  return {
    begin(id, target) {
      const before = open.get(id)
      open.delete(id)
      if (open.size >= maxRequests) for (const oldest of open.keys()) if (open.delete(oldest)) break
      open.set(id, target)
      return before?.method !== target.method || before.path !== target.path
    },
    end(id) {
      const target = open.get(id)
      open.delete(id)
      return target
    },
  }
}

/** What loggers say at a request's end, and our event for it. */
export const requestEnds: ReadonlyMap<string, string> = new Map([
  ['request completed', 'request_completed'],
  ['request finished', 'request_completed'],
  ['request_finished', 'request_completed'],
  ['request errored', 'request_failed'],
  ['request failed', 'request_failed'],
  ['request aborted', 'request_aborted'],
  ['premature close', 'request_aborted'],
])

/**
 * pino-http's, Fastify's and bunyan's `req` and `res` as fields, and the request's end as the event the console draws as one
 * phrase. Headers stay out: they are pages long, and `--where req.headers.host=…` still finds them.
 */
export function readRequest(
  head: Head,
  parts: { readonly req: unknown; readonly res: unknown; readonly took: number | undefined },
  requests: Requests,
): { readonly head: Head; readonly fields: [string, unknown][] } {
  const req = isEntry(parts.req) ? createPicker(parts.req) : undefined
  const res = isEntry(parts.res) ? parts.res : undefined
  const id = head.request_id ?? req?.text('id')
  const method = req?.text('method')
  const path = req?.text('url', 'path')
  const isInside = id !== undefined && method !== undefined && path !== undefined && res === undefined
  const isFirst = isInside && requests.begin(id, { method, path })
  const ended = res === undefined ? undefined : requestEnds.get(head.event ?? '')
  const known = ended === undefined || id === undefined ? undefined : requests.end(id)
  const target = { method: method ?? known?.method, path: path ?? known?.path }
  const status = res === undefined ? undefined : (asNumber(res.statusCode) ?? asNumber(res.status))
  const event = ended !== undefined && target.method !== undefined ? ended : head.event
  const values: Entry = {
    method: target.method,
    path: target.path,
    status,
    duration_ms: parts.took,
    remote_address: isFirst || id === undefined ? asText(req?.value('remoteAddress')) : undefined,
  }
  return {
    head: {
      ...head,
      request_id: id,
      event: event === 'request_completed' && (status ?? 0) >= 500 ? 'request_failed' : event,
    },
    fields: Object.entries(values).filter(([, value]) => value !== undefined),
  }
}
