import { randomBytes } from 'node:crypto'
import { release as osRelease } from 'node:os'
import type { ErrorReport } from '../errors/exits.js'
import { sdkVersion } from '../exit/sdk-version.js'
import { breadcrumbsOf, type Breadcrumb } from './breadcrumbs.js'
import { type ExceptionValue, exceptionsOf } from './exceptions.js'
import { levelOf, type SentryLevel } from './level.js'
import type { Settings } from './settings.js'

/** What is sent of one failure, or of one message (Sentry's SDK documentation, "Event Payloads"). */
export interface SentryEvent {
  event_id: string
  /** Seconds since 1970. */
  timestamp: number
  platform: 'node'
  level: SentryLevel
  logger?: string
  release?: string
  environment?: string
  server_name?: string
  /** `POST /things/:id`. */
  transaction?: string
  message?: { formatted: string }
  exception?: { values: ExceptionValue[] }
  tags?: Record<string, string>
  contexts?: Record<string, Record<string, unknown>>
  user?: { id?: string; email?: string }
  /** Never headers, cookies, query or body. */
  request?: { method?: string; url?: string }
  breadcrumbs?: { values: Breadcrumb[] }
  fingerprint?: string[]
  sdk?: { name: string; version: string }
  [more: string]: unknown
}

/** A failure as it is reported, or a message, which has no error. */
export type Report = Omit<ErrorReport, 'error' | 'fingerprint'> & {
  readonly error?: ErrorReport['error']
  readonly fingerprint?: string
  readonly message?: string
}

/** What was said by hand, redacted. */
export interface Said {
  readonly level?: ErrorReport['level']
  readonly tags: Readonly<Record<string, string>>
  readonly contexts: Readonly<Record<string, Record<string, unknown>>>
  readonly email?: string
}

// The server cuts longer ones off.
const maxTag = 200

export function eventOf(
  report: Report,
  said: Said,
  settings: Pick<Settings, 'release' | 'environment' | 'serverName' | 'pii'>,
): SentryEvent {
  const { fields, route, error } = report
  const method = textOf(fields['method'])
  return withoutUndefined({
    event_id: report.id,
    timestamp: report.time / 1000,
    platform: 'node' as const,
    level: levelOf(said.level ?? report.level),
    logger: report.logger,
    release: settings.release,
    environment: settings.environment,
    server_name: settings.serverName,
    transaction: route === undefined || method === undefined ? route : `${method} ${route}`,
    message: report.message === undefined ? undefined : { formatted: report.message },
    exception: error === undefined ? undefined : { values: exceptionsOf(error, report) },
    tags: tagsOf(report, said),
    contexts: contextsOf(report, said),
    user: userOf(report, said, settings.pii),
    request: requestOf(method, textOf(fields['path'])),
    breadcrumbs: report.recent.length === 0 ? undefined : { values: breadcrumbsOf(report.recent) },
    fingerprint: report.fingerprint === undefined ? undefined : [report.fingerprint],
    sdk: { name: 'telltale', version: sdkVersion },
  })
}

function tagsOf(report: Report, { tags }: Said): Record<string, string> {
  const own = {
    request_id: report.requestId,
    trace_id: report.traceId,
    flow_id: report.flowId,
    route: report.route,
    logger: report.logger,
    event: report.event,
  }
  const all = Object.entries({ ...tags, ...withoutUndefined(own) })
  return Object.fromEntries(all.map(([name, value]) => [name, tagOf(value)]))
}

/** The server takes no line breaks in a tag. */
function tagOf(value: string): string {
  const line = /[\r\n]/.test(value) ? value.replace(/\s+/g, ' ') : value
  return line.length > maxTag ? line.slice(0, maxTag) : line
}

function contextsOf(report: Report, { contexts }: Said): Record<string, Record<string, unknown>> {
  const { traceId, spanId = randomBytes(8).toString('hex'), fields } = report
  return {
    ...contexts,
    ...(Object.keys(fields).length > 0 && { fields: { ...fields } }),
    ...(traceId !== undefined && { trace: { trace_id: traceId, span_id: spanId } }),
    runtime: { name: 'node', version: process.version },
    os,
  }
}

const osNames: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'Linux',
  darwin: 'macOS',
  win32: 'Windows',
}
const os = { name: osNames[process.platform] ?? process.platform, version: osRelease() }

function userOf({ fields }: Report, { email }: Said, pii: boolean): SentryEvent['user'] {
  const id = fields['user_id']
  const user = {
    ...((typeof id === 'string' || typeof id === 'number') && { id: String(id) }),
    ...(pii && email !== undefined && { email }),
  }
  return Object.keys(user).length === 0 ? undefined : user
}

function requestOf(method: string | undefined, url: string | undefined): SentryEvent['request'] {
  return url === undefined ? undefined : withoutUndefined({ method, url })
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** JSON leaves undefined out, and so do types that say a key is not there. */
export function withoutUndefined<T extends object>(object: T): Defined<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>
}
