import type { IncomingMessage, ServerResponse } from 'node:http'
import { timingSafeEqual } from 'node:crypto'
import { phase } from '../health/phase.js'
import { liveness, readiness, type Report, startup } from '../health/reports.js'
import { debug } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { renderMetrics } from '../metrics/render.js'
import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { slot } from '../state/state.js'
import { isDirectPrivatePeer } from './peer.js'
import { pathOf } from './path.js'
import { knowServer } from './servers.js'

export interface EndpointOptions {
  /** Moves or stops (`false`) each of the endpoints that the adapter answers before routing. */
  readonly paths?: {
    readonly health?: string | false
    readonly ready?: string | false
    readonly startup?: string | false
    readonly metrics?: string | false
  }
  /** Who may read the metrics besides direct private peers: anyone, or who sends `Authorization: Bearer <token>`. */
  readonly metrics?: 'public' | { readonly token: string }
}

export type Endpoint = 'health' | 'ready' | 'startup' | 'metrics'

const defaults: Readonly<Record<Endpoint, string>> = {
  health: '/health',
  ready: '/health/ready',
  startup: '/health/startup',
  metrics: '/metrics',
}

const log = loggerNamed('http')
const said = slot('http.said', () => new Set<string>())

/** The endpoints of one adapter. Throws a TypeError for a path that is not one. */
export class Endpoints {
  private readonly byPath = new Map<string, Endpoint>()
  private readonly access: EndpointOptions['metrics']

  constructor(options: EndpointOptions = {}) {
    checkOptions(options)
    this.access = options.metrics
    for (const name of Object.keys(options.paths ?? {})) {
      if (!(name in defaults)) {
        throw new TypeError(
          `paths.${name} is not an endpoint; there are ${Object.keys(defaults).join(', ')}.`,
        )
      }
    }
    for (const name of Object.keys(defaults) as Endpoint[]) {
      const path = options.paths?.[name] ?? defaults[name]
      if (path === false) continue
      if (typeof path !== 'string' || !path.startsWith('/')) {
        throw new TypeError(
          `paths.${name} must be a path such as "${defaults[name]}" or false, got ${String(path)}.`,
        )
      }
      this.byPath.set(path, name)
    }
  }

  /** Which endpoint a request is for, if any: GET and HEAD, with any query, with or without a last slash. */
  match(req: IncomingMessage): Endpoint | undefined {
    if (req.method !== 'GET' && req.method !== 'HEAD') return undefined
    // Most requests end here, at the price of a character's comparison per endpoint's first letters.
    const path = pathOf(req.url)
    const name = this.byPath.get(path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path)
    return name === 'metrics' && !this.mayReadMetrics(req) ? undefined : name
  }

  answer(name: Endpoint, req: IncomingMessage, res: ServerResponse): void {
    knowServer(req)
    if (name === 'metrics') sendMetrics(req, res).catch((error: unknown) => sendFailure(req, res, error))
    else {
      const { code, body } = reports[name]()
      const bytes = Buffer.from(JSON.stringify(body))
      send(req, res, code, { 'content-type': 'application/json; charset=utf-8' }, [bytes])
    }
  }

  /** A route of the app's own on an endpoint's path wins; this says so once. */
  sayShadowed(path: string): void {
    sayOnce(`shadowed ${path}`, () =>
      log.warning('endpoint_shadowed', {
        endpoint: path,
        reason: "the app's own route on this path answers",
      }),
    )
  }

  get paths(): Iterable<string> {
    return this.byPath.keys()
  }

  private mayReadMetrics(req: IncomingMessage): boolean {
    const { access } = this
    if (access === 'public') return true
    if (typeof access === 'object') return bearerIs(req, access.token)
    if (isDirectPrivatePeer(req)) return true
    sayOnce('metrics refused', () =>
      log.warning('metrics_refused', {
        reason: 'not a direct private peer; the app answers instead',
        peer: req.socket.remoteAddress,
        accepted:
          "loopback and private addresses without a proxy's headers, or metrics: 'public' | { token }",
      }),
    )
    return false
  }
}

const reports: Record<Exclude<Endpoint, 'metrics'>, () => Report> = {
  health: liveness,
  ready: readiness,
  startup,
}

async function sendMetrics(req: IncomingMessage, res: ServerResponse): Promise<void> {
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

function bearerIs(req: IncomingMessage, token: string): boolean {
  const given = Buffer.from(req.headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

// Fastify hands a plugin these of its own besides.
const accepted = new Set(['paths', 'metrics', 'prefix', 'logLevel', 'logSerializers'])

function checkOptions(options: EndpointOptions): void {
  for (const name of Object.keys(options)) {
    if (!accepted.has(name)) throw new TypeError(`${name} is not an option; there are paths and metrics.`)
  }
  checkAccess(options.metrics)
}

function checkAccess(access: unknown): void {
  if (access === undefined || access === 'public') return
  const token =
    typeof access === 'object' && access !== null ? (access as { token?: unknown }).token : undefined
  if (typeof token !== 'string' || token === '') {
    throw new TypeError(`metrics must be 'public' or { token: '…' } with a token that is not empty.`)
  }
}

function sayOnce(id: string, say: () => void): void {
  if (said.has(id)) return
  said.add(id)
  say()
}
