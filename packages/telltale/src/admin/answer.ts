import type { IncomingMessage, ServerResponse } from 'node:http'

export interface Answer {
  readonly status: number
  readonly type: 'application/json; charset=utf-8' | 'application/x-ndjson; charset=utf-8'
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer that refuses; `error` is its code. */
export interface Problem extends Answer {
  readonly error: string
}

/** Texts from outside have passed the redaction policy. */
export function json(status: number, value: object, headers: Readonly<Record<string, string>> = {}): Answer {
  const type = 'application/json; charset=utf-8'
  return { status, type, body: `${JSON.stringify(value)}\n`, headers }
}

/** `error` is for programs, `message` for people: what was given, what is accepted. */
export function problem(
  status: number,
  error: string,
  message: string,
  headers?: Readonly<Record<string, string>>,
): Problem {
  return { ...json(status, { error, message }, headers), error }
}

/**
 * What each answer has, whoever writes it: no page may use it, and one request a connection, so that nothing idle is left to be
 * kept or to be closed.
 */
export function prepare(res: ServerResponse): void {
  res.shouldKeepAlive = false
  res.setHeader('x-content-type-options', 'nosniff')
  res.setHeader('cross-origin-resource-policy', 'same-origin')
}

export function send(
  req: IncomingMessage,
  res: ServerResponse,
  { status, type, body, headers }: Answer,
): void {
  const bytes = Buffer.from(body)
  res.writeHead(status, {
    'content-type': type,
    'content-length': bytes.length,
    'cache-control': 'no-store',
    ...headers,
  })
  res.end(req.method === 'HEAD' ? undefined : bytes)
}
