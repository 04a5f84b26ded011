import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { unobserved } from '../http/unobserved.js'
import type { Dsn } from './dsn.js'
import { sdkVersion } from './sdk-version.js'

/** What a server said of an envelope. */
export interface Answer {
  readonly status: number
  readonly rateLimits: string | undefined
  readonly retryAfterMs: number | undefined
}

export const maxConnections = 4

/** The headers of every envelope: the key is none of the URL's, which proxies write down. */
export function headersOf({ key }: Dsn): Record<string, string> {
  return {
    'user-agent': `telltale/${sdkVersion}`,
    'x-sentry-auth': `Sentry sentry_version=7, sentry_client=telltale/${sdkVersion}, sentry_key=${key}`,
    'content-type': 'application/x-sentry-envelope',
  }
}

/** Posts envelopes over connections that are kept open, don't keep the process alive and are seen by nobody who watches calls. */
export class Post {
  readonly #dsn: Dsn
  readonly #agent: HttpAgent
  readonly #request: typeof requestHttp

  constructor(dsn: Dsn) {
    const isTls = dsn.url.protocol === 'https:'
    const options = { keepAlive: true, maxSockets: maxConnections, maxFreeSockets: maxConnections }
    this.#dsn = dsn
    this.#agent = isTls ? new HttpsAgent(options) : new HttpAgent(options)
    this.#request = isTls ? requestHttps : requestHttp
  }

  /** Rejects where the connection fails, or nothing is answered within `timeoutMs`. */
  send(body: Uint8Array, isZipped: boolean, timeoutMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = {
        ...headersOf(this.#dsn),
        'content-length': body.byteLength,
        ...(isZipped && { 'content-encoding': 'gzip' }),
      }
      const request = unobserved(() =>
        this.#request(this.#dsn.url, { method: 'POST', agent: this.#agent, headers }),
      )
      const late = new Error(`no answer within ${timeoutMs} ms`)
      const timer = setTimeout(() => request.destroy(late), timeoutMs).unref()
      const done = (act: () => void): void => {
        clearTimeout(timer)
        act()
      }
      request.on('socket', (socket) => socket.unref())
      request.on('error', (error) => done(() => reject(error)))
      request.on('response', (response) => {
        // Nothing in the body matters, and the connection is free once it is read.
        response.on('error', () => undefined).resume()
        done(() => resolve(answerOf(response)))
      })
      request.end(body)
    })
  }

  /** Ends its connections, and with them what is under way. */
  close(): void {
    this.#agent.destroy()
  }
}

function answerOf({ statusCode = 0, headers }: IncomingMessage): Answer {
  const limits = headers['x-sentry-rate-limits']
  return {
    status: statusCode,
    rateLimits: Array.isArray(limits) ? limits.join(',') : limits,
    retryAfterMs: retryAfter(headers['retry-after']),
  }
}

/** Seconds or a date (RFC 9110, section 10.2.3) as milliseconds from now. */
function retryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined
  if (/^\d+(\.\d+)?$/.test(header.trim())) return Number(header) * 1000
  // Date.parse takes -1, too, for a year.
  const date = header.endsWith('GMT') ? Date.parse(header) : NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
