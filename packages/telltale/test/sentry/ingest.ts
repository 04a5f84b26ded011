import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { until } from '../support/until.js'
import { type Envelope, type Json, parseEnvelope } from './envelope.js'

export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly url: string
  /** Unzipped. */
  readonly text: string
  readonly envelope: Envelope
}

type Behave = (response: ServerResponse, received: Received) => void

const accept: Behave = (response, { envelope }) =>
  void response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ id: envelope.header['event_id'] }))

/** A real ingest that reads envelopes strictly and answers as a test says. */
export class Ingest {
  readonly received: Received[] = []
  behave: Behave = accept
  #port = 0
  /** What was wrong with what arrived. */
  readonly #problems: unknown[] = []
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        try {
          const sent = Buffer.concat(chunks)
          const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent
          const envelope = parseEnvelope(body)
          const received = { headers: request.headers, url: request.url!, text: body.toString(), envelope }
          this.received.push(received)
          this.behave(response, received)
        } catch (problem) {
          this.#problems.push(problem)
          response.writeHead(400).end()
        }
      })
    })
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (this.#server.address() as AddressInfo).port
    return this
  }

  /** Opened anew it has the same port. Rejects where what arrived was no envelope. */
  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
    if (this.#problems.length > 0) throw new AggregateError(this.#problems, 'what arrived was no envelope')
  }

  get dsn(): string {
    return `http://publickey@127.0.0.1:${this.#port}/42`
  }

  /** Answers the first requests so, and accepts the others. */
  first(...answers: readonly Behave[]): void {
    const left = [...answers]
    this.behave = (response, received) => (left.shift() ?? accept)(response, received)
  }

  items(type: string): Json[] {
    return this.received.flatMap(({ envelope }) =>
      envelope.items.filter(({ header }) => header['type'] === type).map(({ payload }) => payload as Json),
    )
  }

  get events(): Json[] {
    return this.items('event')
  }

  async has(count: number): Promise<void> {
    await until(`${count} events, now ${this.events.length}`, () => this.events.length >= count)
  }

  /** The one event; throws where there is none or another. */
  get event(): Json {
    if (this.events.length !== 1) throw new Error(`${this.events.length} events`)
    return this.events[0]!
  }

  get discarded(): Json[] {
    return this.items('client_report').flatMap(({ discarded_events: all }) => all)
  }
}

/** Answers with a status, and with what else. */
export function status(code: number, headers: Record<string, string> = {}): Behave {
  return (response) => void response.writeHead(code, headers).end('{}')
}

/** Takes the request and never answers. */
export const silence: Behave = () => undefined

/** Breaks the connection off. */
export const hangUp: Behave = (response) => void response.destroy()
