import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { until } from '../support/until.js'
import { decode, type Json, type OtlpSignal } from './decode.js'

export interface Received {
  readonly path: string
  readonly signal: OtlpSignal
  readonly headers: IncomingHttpHeaders
  /** Unzipped. */
  readonly body: Buffer
}

type Behave = (response: ServerResponse, received: Received) => void

const accept: Behave = (response) => void response.writeHead(200).end()

/** A real receiver of OTLP over HTTP, which answers as a test says. */
export class Collector {
  readonly received: Received[] = []
  behave: Behave = accept
  /** Connections broken off while down. */
  broken = 0
  #isDown = false
  #port = 0
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const sent = Buffer.concat(chunks)
        const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent
        const path = request.url!
        const signal = /(traces|logs|metrics)/.exec(path)![1] as OtlpSignal
        const received = { path, signal, headers: request.headers, body }
        this.received.push(received)
        this.behave(response, received)
      })
    })
  }

  async open(): Promise<this> {
    this.#server.on('connection', (socket) => {
      if (!this.#isDown) return
      this.broken++
      socket.destroy()
    })
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.#port = (this.#server.address() as AddressInfo).port
    return this
  }

  /** Breaks off every connection, until `up()`. It keeps its port, which another might take. */
  down(): void {
    this.#isDown = true
    this.#server.closeAllConnections()
  }

  up(): void {
    this.#isDown = false
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Answers the first requests so, and accepts the others. */
  first(...answers: readonly Behave[]): void {
    const left = [...answers]
    this.behave = (response, received) => (left.shift() ?? accept)(response, received)
  }

  of(signal: OtlpSignal): Json[] {
    return this.received.filter((each) => each.signal === signal).map(({ body }) => decode(signal, body))
  }

  get spans(): Json[] {
    return this.of('traces').flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }: Json) => scopeSpans.flatMap(({ spans }: Json) => spans)),
    )
  }

  get logs(): Json[] {
    return this.of('logs').flatMap(({ resourceLogs }) =>
      resourceLogs.flatMap(({ scopeLogs }: Json) => scopeLogs.flatMap(({ logRecords }: Json) => logRecords)),
    )
  }

  get metrics(): Json[] {
    return this.of('metrics').flatMap(({ resourceMetrics }) =>
      resourceMetrics.flatMap(({ scopeMetrics }: Json) =>
        scopeMetrics.flatMap(({ metrics }: Json) => metrics),
      ),
    )
  }

  async has(count: number, signal: OtlpSignal): Promise<void> {
    const so = (): number => this.received.filter((each) => each.signal === signal).length
    await until(`${count} requests of ${signal}, now ${so()}`, () => so() >= count)
  }
}

/** Answers with a status, and with what else. */
export function status(
  code: number,
  headers: Record<string, string> = {},
  body: string | Uint8Array = '',
): Behave {
  return (response) => void response.writeHead(code, headers).end(body)
}

/** Takes the request and never answers. */
export const silence: Behave = () => undefined
