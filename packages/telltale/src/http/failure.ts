import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import { exchangeFor } from './observe.js'

/** `{"error":"internal_error","request_id":"…"}`: nothing of the error itself, which is in the log under that id. */
export function failureBody(req: IncomingMessage, status = 500): string {
  const reason = status === 500 ? 'internal_error' : (STATUS_CODES[status] ?? 'error')
  const error = reason.toLowerCase().replace(/[^a-z]+/g, '_')
  return JSON.stringify({ error, request_id: exchangeFor(req)?.requestId })
}

/** Answers with `status` if nothing has been answered; a response already under way is cut, so that it can't pass for whole. */
export function answerFailure(req: IncomingMessage, res: ServerResponse, status = 500): void {
  if (res.headersSent) {
    if (!res.writableEnded) res.destroy()
    return
  }
  for (const name of res.getHeaderNames())
    if (name !== 'x-request-id' && name !== 'connection') res.removeHeader(name)
  const body = failureBody(req, status)
  res.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  })
  res.end(req.method === 'HEAD' ? undefined : body)
}
