import { show } from '../self/show.js'
import { isDsn } from './dsn.js'
import type { SentryEvent } from './event.js'

export interface SentryOptions {
  /** The project's DSN, `https://key@host/project`; an empty text is none. Default `SENTRY_DSN`; without either nothing leaves. */
  readonly dsn?: string
  /** Default `SENTRY_RELEASE`, else `service@version` where the version is known. */
  readonly release?: string
  /** Default `SENTRY_ENVIRONMENT`, else that of the log. */
  readonly environment?: string
  /** Whether e-mail addresses given to `setUser()` are sent; default false. */
  readonly pii?: boolean
  /**
   * Sees every event before it is sent, redacted, and returns it, changed or another; `null` drops it. What it returns is
   * redacted once more. It is called at once, also while the process ends: a promise is not waited for.
   */
  readonly beforeSend?: (event: SentryEvent) => SentryEvent | null | undefined
  /** Events of one fingerprint that are sent, messages of one text without what varies; default `{ perSecond: 1, burst: 10 }`, `false` sends all. */
  readonly flood?: false | { readonly perSecond: number; readonly burst?: number }
  /** Events that wait, those under way included; default 100. What comes beyond is dropped and counted. */
  readonly maxQueue?: number
  /** Milliseconds that `process.exit()` may take longer to send what waits; default 1,000, 0 sends nothing then. */
  readonly exitFlushMs?: number
}

type Check = readonly [takes: string, accepts: (value: unknown) => boolean]

const text: Check = [
  'a string that is not empty',
  (value) => typeof value === 'string' && value.trim() !== '',
]

const checks: Readonly<Record<keyof SentryOptions, Check>> = {
  dsn: [
    'a DSN as the project shows it, https://key@host/project, or an empty string for none',
    (value) => value === '' || isDsn(value),
  ],
  release: text,
  environment: text,
  pii: ['true or false', (value) => typeof value === 'boolean'],
  beforeSend: ['a function of the event', (value) => typeof value === 'function'],
  flood: [
    'false, or an object with perSecond: a number above 0; burst: a whole number of at least 1',
    isFlood,
  ],
  maxQueue: ['a whole number of at least 1', isCount],
  exitFlushMs: [
    'a number of milliseconds from 0 to 60000',
    (value) => typeof value === 'number' && value >= 0 && value <= 60_000,
  ],
}

/** Throws a TypeError that names the option and what it takes; never a DSN's text, which is a key. */
export function checkSentry(options: unknown): void {
  if (options === false) return
  const names = Object.keys(checks).join(', ')
  if (!isPlain(options)) throw refused('sentry', `false, or an object with ${names}`, describe(options))
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(checks, name))
      throw new TypeError(`setup(): sentry.${name} is not an option; sentry takes ${names}.`)
    const [takes, accepts] = checks[name as keyof SentryOptions]
    if (value === undefined || accepts(value)) continue
    throw refused(
      `sentry.${name}`,
      takes,
      name === 'dsn' ? `a ${typeof value} that is none` : describe(value),
    )
  }
}

/** Throws a TypeError for what attachSentry() can't take. */
export function checkExitFlush(value: unknown): void {
  const [takes, accepts] = checks.exitFlushMs
  if (!accepts(value))
    throw new TypeError(`attachSentry(): exitFlushMs must be ${takes}, got ${describe(value)}.`)
}

function refused(name: string, takes: string, got: string): TypeError {
  return new TypeError(`setup(): ${name} must be ${takes}, got ${got}.`)
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `string ${JSON.stringify(show(value))}`
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object'
  return value === undefined || value === null ? String(value) : `${typeof value} ${show(value)}`
}

function isFlood(value: unknown): boolean {
  if (value === false) return true
  if (!isPlain(value) || Object.keys(value).some((name) => name !== 'perSecond' && name !== 'burst'))
    return false
  const { perSecond, burst } = value
  const isRate = typeof perSecond === 'number' && perSecond > 0 && Number.isFinite(perSecond)
  return isRate && (burst === undefined || isCount(burst))
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
