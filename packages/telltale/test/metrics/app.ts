import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http'
import { gunzipSync } from 'node:zlib'
import { observeHttp } from '../../src/adapters/http.js'
import { setRoute } from '../../src/index.js'
import { Capture } from '../support/capture.js'
import { listening } from '../support/apps/listening.js'

/** What Prometheus asks for: 2.42 with and without native histograms, and what a scraper without OpenMetrics asks for. */
export const accepts = {
  text: 'text/plain;version=0.0.4;q=1,*/*;q=0.1',
  openMetrics:
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  protobuf:
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
} as const

export interface Scrape {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly type: string
  readonly bytes: Buffer
  /** Unpacked where it came as gzip. */
  readonly text: string
}

export interface Ask {
  readonly accept?: string
  readonly acceptEncoding?: string
  readonly query?: string
  readonly method?: string
}

/** A service on the smallest adapter, set up as services are. `POST /work` runs `act` inside its request. */
export interface MetricsApp {
  readonly port: number
  readonly log: Capture
  act: () => unknown
  work(headers?: Record<string, string>): Promise<void>
  scrape(ask?: Ask): Promise<Scrape>
  /** A port of its own, on which every scrape asks for `accept` (default: what it asked for); with the types
   * that were answered. */
  front(accept?: string): Promise<{ readonly port: number; readonly served: Set<string> }>
  close(): Promise<void>
}

type Listener = (req: IncomingMessage, res: ServerResponse) => void

export async function startMetricsApp(): Promise<MetricsApp> {
  const log = new Capture()
  const observe = observeHttp(async (_req, res) => {
    setRoute('/work')
    await app.act()
    res.end('done')
  })
  const closing: (() => Promise<void>)[] = []
  const listen = async (listener: Listener): Promise<number> => {
    const { port, close } = await listening(createServer(listener))
    closing.push(close)
    return port
  }
  const port = await listen(observe)
  const app: MetricsApp = {
    port,
    log,
    act: () => undefined,
    async work(headers = {}) {
      const { status } = await send(port, { path: '/work', method: 'POST', headers })
      if (status !== 200) throw new Error(`POST /work: ${status}`)
    },
    async scrape({ accept, acceptEncoding, query = '', method = 'GET' } = {}) {
      const headers = {
        ...(accept !== undefined && { accept }),
        ...(acceptEncoding !== undefined && { 'accept-encoding': acceptEncoding }),
      }
      return send(port, { path: `/metrics${query}`, method, headers })
    },
    async front(accept) {
      const served = new Set<string>()
      const frontPort = await listen(async (req, res) => {
        const headers = { ...req.headers, ...(accept !== undefined && { accept }) }
        const answer = await send(port, { path: req.url ?? '', method: 'GET', headers })
        served.add(answer.type)
        res.writeHead(answer.status, answer.headers).end(answer.bytes)
      })
      return { port: frontPort, served }
    },
    async close() {
      await Promise.all(closing.map((close) => close()))
      await log.telltale.shutdown()
    },
  }
  return app
}

function send(
  port: number,
  { path, method, headers }: { path: string; method: string; headers: OutgoingHttpHeaders },
): Promise<Scrape> {
  return new Promise((resolve, reject) => {
    const req = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (res) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('error', reject)
      res.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const isPacked = res.headers['content-encoding'] === 'gzip' && bytes.length > 0
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          type: String(res.headers['content-type']),
          bytes,
          text: (isPacked ? gunzipSync(bytes) : bytes).toString(),
        })
      })
    })
    req.on('error', reject)
    req.end()
  })
}
