import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingMessage,
  request as requestHttp,
} from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { unobserved } from '../http/unobserved.js'
import type { TlsOptions } from './options.js'
import type { Target } from './settings.js'

/** What a collector answered. */
export interface Answer {
  readonly status: number
  /** Milliseconds that it asks to wait. */
  readonly retryAfterMs: number | undefined
  /** Undefined where it was too long to read. */
  readonly body: Buffer | undefined
  readonly contentType: string
}

// A partial success is a few hundred bytes.
const maxAnswer = 65_536

/**
 * Posts bodies to one URL over connections that are kept open. They don't keep the process alive, and are seen by
 * nobody who watches outgoing calls.
 */
export class Transport {
  readonly #target: Target
  readonly #agent: HttpAgent
  readonly #request: typeof requestHttp
  readonly #headers: Readonly<Record<string, string>>

  constructor(target: Target, tls: TlsOptions, userAgent: string) {
    const isTls = target.url.protocol === 'https:'
    const options = { keepAlive: true, maxSockets: 2, maxFreeSockets: 1 }
    this.#target = target
    this.#agent = isTls ? new HttpsAgent({ ...options, ...tls }) : new HttpAgent(options)
    this.#request = isTls ? requestHttps : requestHttp
    const contentType = target.protocol === 'http/json' ? 'application/json' : 'application/x-protobuf'
    this.#headers = { 'user-agent': userAgent, ...target.headers, 'content-type': contentType }
  }

  /** Rejects where the connection fails, or nothing is answered within `timeoutMs`. */
  post(body: Uint8Array, isZipped: boolean, timeoutMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = {
        ...this.#headers,
        'content-length': body.byteLength,
        ...(isZipped && { 'content-encoding': 'gzip' }),
      }
      const request = unobserved(() =>
        this.#request(this.#target.url, { method: 'POST', agent: this.#agent, headers }),
      )
      const timer = setTimeout(() => request.destroy(new TimeoutError(timeoutMs)), timeoutMs).unref()
      const settle = <T>(end: (result: T) => void, result: T): void => {
        clearTimeout(timer)
        end(result)
      }
      request.on('socket', (socket) => socket.unref())
      request.on('error', (error) => settle(reject, error))
      request.on('response', (response) => {
        readAnswer(request, response).then(
          (answer) => settle(resolve, answer),
          (error: unknown) => settle(reject, error),
        )
      })
      request.end(body)
    })
  }

  /** Ends its connections, and with them what is under way. */
  close(): void {
    this.#agent.destroy()
  }
}

class TimeoutError extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`)
  }
}

function readAnswer(request: ClientRequest, response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  let length = 0
  return new Promise((resolve, reject) => {
    const done = (body: Buffer | undefined): void =>
      resolve({
        status: response.statusCode ?? 0,
        retryAfterMs: retryAfter(response.headers['retry-after']),
        body,
        contentType: response.headers['content-type'] ?? '',
      })
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length <= maxAnswer) return
      done(undefined)
      request.destroy()
    })
    response.on('end', () => done(Buffer.concat(chunks)))
    response.on('error', reject)
  })
}

/** Seconds or a date (RFC 9110, section 10.2.3) as milliseconds from now. */
export function retryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000
  // Date.parse takes -1, too, for a year.
  const date = header.endsWith('GMT') ? Date.parse(header) : NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
