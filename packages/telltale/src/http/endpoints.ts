import type { IncomingMessage, ServerResponse } from 'node:http'
import { groupReport, hasOwnGroup, liveness, readiness, type Report, startup } from '../health/reports.js'
import { loggerNamed } from '../log/logger.js'
import { slot } from '../state/state.js'
import { sendMetrics, sendReport } from './answers.js'
import { hasBearer } from './bearer.js'
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
    /** Below which each group of checks of your own is answered by its name; default `/health`. */
    readonly groups?: string | false
  }
  /** Who may read the metrics besides direct private peers: anyone, or who sends `Authorization: Bearer <token>`. */
  readonly metrics?: 'public' | { readonly token: string }
}

/** What answers: a report, or the metrics. */
export type Endpoint = 'metrics' | (() => Report)

const defaults = {
  health: '/health',
  ready: '/health/ready',
  startup: '/health/startup',
  metrics: '/metrics',
  groups: '/health',
} as const
const single = {
  health: () => liveness(),
  ready: () => readiness(),
  startup: () => startup(),
  metrics: 'metrics',
} as const satisfies Readonly<Record<string, Endpoint>>

const log = loggerNamed('http')
const said = slot('http.said', () => new Set<string>())
const moved = slot('http.metricsMoved', () => ({ to: undefined as string | undefined }))

/** While a listener of their own has the metrics, adapters answer them only where they are told to; `undefined` ends it. */
export function moveMetrics(to: string | undefined): void {
  moved.to = to
}

/** The endpoints of one adapter. Throws a TypeError for a path that is not one. */
export class Endpoints {
  private readonly byPath = new Map<string, Endpoint>()
  private readonly below: string | undefined
  private readonly access: EndpointOptions['metrics']
  /** The application itself is told to answer the metrics. */
  private readonly keepsMetrics: boolean

  constructor(options: EndpointOptions = {}) {
    checkOptions(options)
    this.access = options.metrics
    this.keepsMetrics = options.metrics !== undefined || options.paths?.metrics !== undefined
    for (const name of Object.keys(single) as (keyof typeof single)[]) {
      const path = pathFor(name, options)
      if (path === undefined) continue
      if (this.byPath.has(path))
        throw new TypeError(`paths.${name} is "${path}", where another endpoint answers already.`)
      this.byPath.set(path, single[name])
    }
    const groups = pathFor('groups', options)
    this.below = groups === undefined ? undefined : groups === '/' ? groups : `${groups}/`
  }

  /** Which endpoint a request is for, if any: GET and HEAD, with any query, with or without a last slash. */
  match(req: IncomingMessage): Endpoint | undefined {
    if (req.method !== 'GET' && req.method !== 'HEAD') return undefined
    // Most requests end here, at the price of a character's comparison per endpoint's first letters.
    const asked = pathOf(req.url)
    const path = asked.length > 1 && asked.endsWith('/') ? asked.slice(0, -1) : asked
    const endpoint = this.byPath.get(path)
    if (endpoint === 'metrics') return this.mayReadMetrics(req) ? endpoint : undefined
    return endpoint ?? this.groupAt(path)
  }

  private groupAt(path: string): Endpoint | undefined {
    if (this.below === undefined || !path.startsWith(this.below)) return undefined
    const name = path.slice(this.below.length)
    return hasOwnGroup(name) ? () => groupReport(name) : undefined
  }

  answer(endpoint: Endpoint, req: IncomingMessage, res: ServerResponse): void {
    knowServer(req)
    if (endpoint === 'metrics') sendMetrics(req, res)
    else sendReport(endpoint(), req, res)
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
    if (moved.to !== undefined && !this.keepsMetrics) {
      sayOnce('metrics moved', () => log.info('metrics_moved', { to: moved.to }))
      return false
    }
    if (access === 'public') return true
    if (typeof access === 'object') return hasBearer(req, access.token)
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

/** Undefined where it is stopped. */
function pathFor(name: keyof typeof defaults, options: EndpointOptions): string | undefined {
  const path: unknown = options.paths?.[name] ?? defaults[name]
  if (path === false) return undefined
  // Asked for with a last slash or without: both are the same.
  if (typeof path === 'string' && path.startsWith('/')) return path.replace(/(?<=.)\/$/, '')
  throw new TypeError(
    `paths.${name} must be a path such as "${defaults[name]}" or false, got ${String(path)}.`,
  )
}

// Fastify hands a plugin these of its own besides.
const accepted = new Set(['paths', 'metrics', 'prefix', 'logLevel', 'logSerializers'])

function checkOptions(options: EndpointOptions): void {
  for (const name of Object.keys(options)) {
    if (!accepted.has(name)) throw new TypeError(`${name} is not an option; there are paths and metrics.`)
  }
  for (const name of Object.keys(options.paths ?? {})) {
    if (!Object.hasOwn(defaults, name)) {
      throw new TypeError(`paths.${name} is not an endpoint; there are ${Object.keys(defaults).join(', ')}.`)
    }
  }
  checkAccess(options.metrics)
}

function checkAccess(access: unknown): void {
  if (access === undefined || access === 'public') return
  const token =
    typeof access === 'object' && access !== null ? (access as { token?: unknown }).token : undefined
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new TypeError(
      `metrics must be 'public' or { token: '…' } with a token of visible ASCII characters without spaces.`,
    )
  }
}

function sayOnce(id: string, say: () => void): void {
  if (said.has(id)) return
  said.add(id)
  say()
}
