import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { REQUEST_ID, type Exchange } from './exchange.js'
import type { Identity } from './identity.js'

export interface Call {
  method: string
  /** Path with query, as it goes on the wire. */
  path: string
  /** The route template aimed at, `unmatched` for none. */
  route: string
  headers?: Record<string, string>
  /** Sent as JSON. */
  json?: unknown
  /** Sent as it is, said to be JSON. */
  text?: string
  /** The statuses that this call can have. */
  expect: readonly number[]
}

export interface Answer {
  status: number
  body: unknown
}

export interface Client {
  /** Resolves with the whole answer, or with nothing when the connection broke. */
  send(call: Call): Promise<Answer | undefined>
  /** Sends the call and destroys the socket: before the last byte of the body, or `afterMs` later without reading. */
  abort(call: Call, when: 'in_body' | number): Promise<void>
}

interface ClientOptions {
  url: URL
  /** Many clients may share one. */
  agent: Agent
  identify: (needsId: boolean) => Identity
  record: (exchange: Exchange) => void
  timeoutMs?: number
}

const ANSWER_TIMEOUT_MS = 15_000
const LARGEST_ANSWER = 1024 * 1024

/** Idle sockets are given up well before the service would close them: a request never meets a closing socket. */
export const createAgent = (): Agent => new Agent({ keepAlive: true, maxSockets: 64, timeout: 2_000 })

/** A client with keep-alive connections. Every call ends as exactly one recorded exchange; no call rejects. */
export function createClient({
  url,
  agent,
  identify,
  record,
  timeoutMs = ANSWER_TIMEOUT_MS,
}: ClientOptions): Client {
  const open = (call: Call, needsId: boolean) => {
    const body = call.text ?? (call.json === undefined ? undefined : JSON.stringify(call.json))
    const identity = identify(needsId)
    const headers: Record<string, string | number> = { ...identity.headers, ...call.headers }
    if (body !== undefined) {
      headers['content-type'] = 'application/json'
      headers['content-length'] = Buffer.byteLength(body)
    }
    const { hostname, port } = url
    const host = hostname.replace(/^\[|\]$/g, '')
    const request = httpRequest({ agent, host, port, method: call.method, path: call.path, headers })
    return { request, body, identity }
  }

  return {
    send: (call) =>
      new Promise((resolve) => {
        const { request, body, identity } = open(call, false)
        let ended = false
        const end = (ending: Ending, answer?: Answer): void => {
          if (ended) return
          ended = true
          record(exchangeOf(call, identity, ending))
          resolve(answer)
        }
        const lost = (cause: string): void => end({ outcome: 'lost', cause })
        request.setTimeout(timeoutMs, () => {
          lost(`no whole answer within ${timeoutMs} ms`)
          request.destroy()
        })
        request.on('error', () => lost('the connection broke'))
        request.on('response', (response) => {
          void readWhole(response).then((text) => {
            if (text === undefined) return lost('the connection broke within the answer')
            const status = response.statusCode ?? 0
            const id = response.headers[REQUEST_ID]
            const requestId = typeof id === 'string' ? id : null
            // Node answers what its parser refuses before any handler runs: 400, 408, 413 or 431, and no id.
            const outcome =
              requestId === null && [400, 408, 413, 431].includes(status) ? 'refused' : 'answered'
            end({ outcome, status, requestId }, { status, body: parsed(text) })
          })
        })
        request.end(body)
      }),

    abort: (call, when) =>
      new Promise((resolve) => {
        const { request, body, identity } = open(call, true)
        request.on('error', () => {
          // It is the traffic that leaves; `close` follows and is recorded.
        })
        request.on('close', () => {
          record(exchangeOf(call, identity, { outcome: 'aborted' }))
          resolve()
        })
        request.on('response', (response) =>
          response.on('error', () => {
            // As above: the answer breaks off since nobody waits for it.
          }),
        )
        const leave = (): void => void request.destroy()
        if (when === 'in_body' && body !== undefined) {
          request.flushHeaders()
          request.write(body.slice(0, Math.floor(body.length / 2)), () => setTimeout(leave, 20))
        } else {
          request.end(body, () => setTimeout(leave, when === 'in_body' ? 0 : when))
        }
      }),
  }
}

interface Ending {
  outcome: Exchange['outcome']
  status?: number
  requestId?: string | null
  /** Of a lost one. */
  cause?: string
  /** It was cut by the other side, which did not just keep silent. */
  cut?: boolean
}

export function exchangeOf(
  call: Pick<Call, 'method' | 'route' | 'expect'> & { mayBeCut?: boolean },
  identity: Pick<Identity, 'sentId' | 'traceId'>,
  { outcome, status, requestId, cause, cut = false }: Ending,
): Exchange {
  return {
    kind: 'exchange',
    outcome,
    method: call.method,
    route: call.route,
    status: status ?? null,
    request_id: requestId ?? null,
    sent_id: identity.sentId,
    trace_id: identity.traceId,
    expected:
      outcome === 'lost'
        ? cut && call.mayBeCut === true
        : status === undefined || call.expect.includes(status),
    cause: cause ?? null,
  }
}

function readWhole(response: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > LARGEST_ANSWER) response.destroy()
      else chunks.push(chunk)
    })
    response.on('error', () => resolve(undefined))
    response.on('close', () => resolve(response.complete ? Buffer.concat(chunks).toString() : undefined))
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
