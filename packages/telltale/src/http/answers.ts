import type { IncomingMessage, ServerResponse } from 'node:http'
import { phase } from '../health/phase.js'
import type { Report } from '../health/reports.js'
import { debug } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { renderMetrics } from '../metrics/render.js'
import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { answersLater } from './inflight.js'
import { pathOf } from './path.js'

const log = loggerNamed('http')

export function sendReport({ code, body }: Report, req: IncomingMessage, res: ServerResponse): void {
  const bytes = Buffer.from(JSON.stringify(body))
  send(req, res, code, { 'content-type': 'application/json; charset=utf-8' }, [bytes])
}

/** In the format and encoding that the request asks for; a scrape that fails is a 500. */
export function sendMetrics(req: IncomingMessage, res: ServerResponse): void {
  answersLater(res)
  render(req, res).catch((error: unknown) => sendFailure(req, res, error))
}

async function render(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { headers } = req
  const query = new URLSearchParams((req.url ?? '').split('?')[1] ?? '')
  const names = query.getAll('name[]')
  const timeoutMs = Number(headers['x-prometheus-scrape-timeout-seconds']) * 1000
  const { contentType, contentEncoding, chunks } = await renderMetrics({
    accept: headers.accept,
    acceptEncoding: headers['accept-encoding']?.toString(),
    names: names.length > 0 ? names : undefined,
    timeoutMs: timeoutMs > 0 ? timeoutMs : undefined,
  })
  if (res.destroyed) return
  send(
    req,
    res,
    200,
    {
      'content-type': contentType,
      vary: 'Accept, Accept-Encoding',
      ...(contentEncoding !== undefined && { 'content-encoding': contentEncoding }),
    },
    chunks,
  )
}

/** Prometheus takes a 500 as a scrape that failed, and half an answer as metrics that are gone. */
function sendFailure(req: IncomingMessage, res: ServerResponse, error: unknown): void {
  dropped('metric', 'scrape_failed')
  reportOnce('metric-scrape', `the metrics could not be rendered: ${show(error)}`)
  if (!res.headersSent && !res.destroyed)
    send(req, res, 500, { 'content-type': 'text/plain; charset=utf-8' }, [Buffer.from('scrape_failed\n')])
}

function send(
  req: IncomingMessage,
  res: ServerResponse,
  code: number,
  headers: Readonly<Record<string, string>>,
  chunks: readonly Uint8Array[],
): void {
  const leave = phase.draining && req.httpVersionMajor === 1 && { connection: 'close' }
  res.writeHead(code, {
    ...headers,
    'content-length': chunks.reduce((sum, { length }) => sum + length, 0),
    'cache-control': 'no-store',
    ...leave,
  })
  if (req.method !== 'HEAD') for (const chunk of chunks) res.write(chunk)
  res.end()
  if (log.on(debug))
    log.debug('request_completed', { method: req.method, path: pathOf(req.url), status: res.statusCode })
}
