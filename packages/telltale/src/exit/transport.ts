import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestHttp,
} from 'node:http'
import { Agent as HttpsAgent, type AgentOptions, request as requestHttps } from 'node:https'
import { unobserved } from '../http/unobserved.js'
import { retryAfter } from './retry-after.js'

/** What was answered, as soon as its headers are there. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Milliseconds that it asks to wait. */
  readonly retryAfterMs: number | undefined
  /**
   * It is read whether or not somebody waits for it. Undefined where it was too long to read; rejects where it breaks off,
   * or has not ended by the request's deadline.
   */
  readonly body: Promise<Buffer | undefined>
}

// What a server says of what it did not take is some hundred bytes.
const maxAnswer = 65_536

/**
 * Posts bodies to one URL over connections that are kept open. They don't keep the process alive, and are seen by
 * nobody who watches outgoing calls.
 */
export class Transport {
  readonly #url: URL
  readonly #headers: OutgoingHttpHeaders
  readonly #agent: HttpAgent
  readonly #request: typeof requestHttp

  /** `headers` are those of every request; `options` those of its connections: how many, and whom to trust. */
  constructor(url: URL, headers: OutgoingHttpHeaders, options: AgentOptions) {
    const isTls = url.protocol === 'https:'
    const kept = { ...options, keepAlive: true }
    this.#url = url
    this.#headers = headers
    this.#agent = isTls ? new HttpsAgent(kept) : new HttpAgent(kept)
    this.#request = isTls ? requestHttps : requestHttp
  }

  /** Rejects where the connection fails, or nothing is answered within `timeoutMs`, in which the answer must also end. */
  post(body: Uint8Array, isZipped: boolean, timeoutMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = {
        ...this.#headers,
        'content-length': body.byteLength,
        ...(isZipped && { 'content-encoding': 'gzip' }),
      }
      const request = unobserved(() =>
        this.#request(this.#url, { method: 'POST', agent: this.#agent, headers }),
      )
      const timer = setTimeout(() => {
        const late = new Error(`no answer within ${timeoutMs} ms`)
        request.destroy(late)
        // One that still waits for a connection says nothing as it is destroyed.
        reject(late)
      }, timeoutMs).unref()
      request.on('socket', (socket) => socket.unref())
      request.on('error', reject)
      request.on('close', () => clearTimeout(timer))
      request.on('response', (response) => {
        const { statusCode: status = 0, headers: answered } = response
        const retryAfterMs = retryAfter(answered['retry-after'])
        resolve({ status, headers: answered, retryAfterMs, body: bodyOf(request, response) })
      })
      request.end(body)
    })
  }

  /** Ends its connections, and with them what is under way. */
  close(): void {
    this.#agent.destroy()
  }
}

function bodyOf(request: ClientRequest, response: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  const body = new Promise<Buffer | undefined>((resolve, reject) => {
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length <= maxAnswer) return
      resolve(undefined)
      request.destroy()
    })
    response.on('end', () => resolve(Buffer.concat(chunks)))
    response.on('error', reject)
    // The deadline's own, which comes before the response's.
    request.on('error', reject)
  })
  // Who does not wait for it has no use for its failure.
  body.catch(() => undefined)
  return body
}
