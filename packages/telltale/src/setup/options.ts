import { type AdminOptions, checkAdmin } from '../admin/options.js'
import type { ReservedKey } from '../encode/reserved-keys.js'
import { reservedKeys } from '../encode/reserved-keys.js'
import type { RequestOptions } from '../http/settings.js'
import type { LifecycleOptions } from '../lifecycle/settings.js'
import { type FloodOptions, isExempt, type SampleRates } from '../log/gate.js'
import { type Level, levelNumber, levels } from '../log/levels.js'
import type { Processor } from '../log/processors.js'
import type { RecorderOptions } from '../log/recorder/ring.js'
import { type Format, formats, type SinkOption } from '../log/sinks/options.js'
import { checkOtlp, type OtlpOptions } from '../otlp/options.js'
import { checkOptions as checkRedact, type RedactOptions } from '../redact/options.js'
import { checkSentry, type SentryOptions } from '../sentry/options.js'
import { refused } from './refused.js'
import { checkSinks } from './sink-options.js'

export interface LogOptions {
  /** A level for all loggers and levels by name: `info,db=debug`; default `LOG_LEVEL`, else `info`. */
  readonly level?: string
  /** Default `LOG_FORMAT`, else `console` where standard output is a terminal and no `sinks` are given, else `json`. */
  readonly format?: Format
  /** Other names for the line's own keys, for platforms that insist: `{ level: 'severity' }`. */
  readonly keys?: { readonly [key in ReservedKey]?: string }
  /** Where lines go, each with a level and a format of its own if need be; default standard output. */
  readonly sinks?: readonly SinkOption[]
  /** The flight recorder: how much of each request is kept in case it fails; `false` turns it off. */
  readonly recorder?: boolean | RecorderOptions
  /** The flood guard: how many events of one name pass; default `false`, all. */
  readonly flood?: false | FloodOptions
  /** Shares of events that are written, by name: `{ cache_hit: 0.01, 'poll_*': 0.1 }`; errors, `request_…` and `…_flow_…` always are. */
  readonly sample?: SampleRates
  /** Functions that may change an event before redaction, or drop it by returning `false`; each costs every event. */
  readonly processors?: readonly Processor[]
  /** `file`, `line` and `function` of the call on every event; microseconds each. Default `false`. */
  readonly callSite?: boolean
  /** The stack of the call as `stack` on events from this level on; microseconds each. Default `false`. */
  readonly stack?: false | Level
  /** What others write becomes events: `console.*` and process warnings. Default neither. */
  readonly capture?: { readonly console?: boolean; readonly warnings?: boolean }
  /** How long a full destination may hold up a turn of the event loop; default 20 ms. */
  readonly maxBlockMs?: number
  /** Bytes kept for a destination that takes nothing; default 16 MiB each. */
  readonly maxBufferBytes?: number
  /** What one value and one line may take before they are cut, with a mark. */
  readonly limits?: LimitOptions
}

export interface LimitOptions {
  /** Containers inside containers; default 8. */
  readonly depth?: number
  /** Keys of one object; default 128. */
  readonly keys?: number
  /** Items of one array; default 128. */
  readonly items?: number
  /** UTF-16 units of one string; default 16,384. */
  readonly string?: number
  /** Characters of one line, about; default 262,144. */
  readonly line?: number
}

export interface ErrorOptions {
  /** Own fields of errors that are written besides the usual ones. */
  readonly fields?: readonly string[]
  /** Lines of the service's code before and after each call in a report, without what its strings say; default 0, none. */
  readonly sourceLines?: number
}

export interface SetupOptions {
  /** Default `SERVICE_NAME`, `OTEL_SERVICE_NAME`, the name in the package being run. */
  readonly service?: string
  /** Default `SERVICE_VERSION`, the version in the package being run. */
  readonly version?: string
  /** Default `ENVIRONMENT`, `SENTRY_ENVIRONMENT`, `NODE_ENV`, else `development`. */
  readonly environment?: string
  /** Default `HOSTNAME`, else the host's name. */
  readonly instance?: string
  readonly log?: LogOptions
  readonly redact?: RedactOptions
  readonly errors?: ErrorOptions
  readonly requests?: RequestOptions
  readonly metrics?: { readonly process?: boolean; readonly maxSeries?: number; readonly strict?: boolean }
  readonly lifecycle?: LifecycleOptions
  /** A listener of its own for changing levels and reading a request's recent events; default none. */
  readonly admin?: AdminOptions
  /** Traces, log lines and metrics for an OpenTelemetry collector; default `OTEL_EXPORTER_OTLP_ENDPOINT`, else none. */
  readonly otlp?: OtlpOptions
  /** Failures for a Sentry project; default `SENTRY_DSN`, else none. `false`: none whatever the environment says. */
  readonly sentry?: false | SentryOptions
}

interface Kind {
  readonly takes: string
  accepts(value: unknown): boolean
}

type Shape = { readonly [name: string]: Kind | Shape }

const text: Kind = { takes: 'a string that is not empty', accepts: (v) => typeof v === 'string' && v !== '' }
const flag: Kind = { takes: 'true or false', accepts: (v) => typeof v === 'boolean' }
const count: Kind = {
  takes: 'a whole number of at least 1',
  accepts: (v) => Number.isSafeInteger(v) && Number(v) >= 1,
}
const positive: Kind = {
  takes: 'a number above 0',
  accepts: (v) => typeof v === 'number' && v > 0 && Number.isFinite(v),
}
const texts = list('strings', (v) => typeof v === 'string' && v !== '')
const paths = list('paths that begin with /', (v) => typeof v === 'string' && v.startsWith('/'))
const milliseconds: Kind = {
  takes: 'a number of milliseconds from 0 to 2147483647',
  accepts: (v) => typeof v === 'number' && v >= 0 && v < 2 ** 31,
}

const shape: Shape = {
  service: text,
  version: text,
  environment: text,
  instance: text,
  log: {
    level: text,
    format: oneOf(formats),
    keys: {
      takes: `an object that renames any of ${reservedKeys.join(', ')}, each to a name of its own`,
      accepts: isRenaming,
    },
    sinks: { takes: 'an array of sinks', accepts: passes(checkSinks) },
    recorder: either('true or false', (v) => typeof v === 'boolean', {
      size: count,
      maxRequestBytes: count,
      maxProcessBytes: count,
    }),
    flood: either('false', (v) => v === false, { perSecond: positive, burst: count }, ['perSecond']),
    sample: {
      takes:
        "shares from 0 to 1 by event name, with a * at its end if at all, { cache_hit: 0.01, 'poll_*': 0.1 }",
      accepts: (v) =>
        isRecord(v) &&
        Object.entries(v).every(([name, share]) => isPattern(name) && isShare(share)) &&
        canSample(v),
    },
    processors: list('functions', (v) => typeof v === 'function'),
    callSite: flag,
    stack: { takes: `false or one of ${levels.join(', ')}`, accepts: (v) => v === false || isLevel(v) },
    capture: { console: flag, warnings: flag },
    maxBlockMs: milliseconds,
    maxBufferBytes: count,
    limits: {
      depth: upTo(1, 32),
      keys: upTo(1, 10_000),
      items: upTo(1, 10_000),
      string: upTo(64, 1_048_576),
      line: upTo(1024, 16_777_216),
    },
  },
  redact: { takes: 'options of redaction', accepts: passes(checkRedact) },
  errors: { fields: texts, sourceLines: upTo(0, 20) },
  requests: {
    trust: {
      takes: "'all', 'none' or a function of the request",
      accepts: (v) => v === 'all' || v === 'none' || typeof v === 'function',
    },
    quiet: paths,
    secretPaths: paths,
  },
  metrics: { process: flag, maxSeries: count, strict: flag },
  lifecycle: {
    signals: flag,
    drainDelayMs: milliseconds,
    drainTimeoutMs: milliseconds,
    flushTimeoutMs: milliseconds,
  },
  admin: { takes: 'options of the admin listener', accepts: passes(checkAdmin) },
  otlp: { takes: 'options of the OTLP exit', accepts: passes(checkOtlp) },
  sentry: { takes: 'options of the Sentry exit', accepts: passes(checkSentry) },
}

/** Throws a TypeError that names the first bad option, what it got and what it takes. */
export function checkOptions(options: unknown): void {
  checkShape(shape, options, '')
}

function checkShape(known: Shape, value: unknown, at: string): void {
  const names = Object.keys(known).join(', ')
  if (!isRecord(value)) throw refused(at === '' ? 'options' : at, `an object with ${names}`, value)
  for (const [name, each] of Object.entries(value)) {
    const path = at === '' ? name : `${at}.${name}`
    const kind = Object.hasOwn(known, name) ? known[name] : undefined
    if (kind === undefined) {
      throw new TypeError(
        `setup(): ${path} is not an option; ${at === '' ? 'there are' : `${at} takes`} ${names}.`,
      )
    }
    if (each === undefined) continue
    if (!isKind(kind)) checkShape(kind, each, path)
    else if (!kind.accepts(each)) throw refused(path, kind.takes, each)
  }
}

function isKind(entry: Kind | Shape): entry is Kind {
  return typeof entry['accepts'] === 'function'
}

function list(of: string, accepts: (value: unknown) => boolean): Kind {
  return { takes: `an array of ${of}`, accepts: (v) => Array.isArray(v) && v.every(accepts) }
}

function oneOf(words: readonly string[]): Kind {
  const takes = words.map((word) => `'${word}'`).join(', ')
  return { takes: takes.replace(/, ('\w+')$/, ' or $1'), accepts: (v) => (words as unknown[]).includes(v) }
}

function upTo(least: number, most: number): Kind {
  const accepts = (v: unknown): boolean => Number.isSafeInteger(v) && Number(v) >= least && Number(v) <= most
  return { takes: `a whole number from ${least} to ${most}`, accepts }
}

/** A plain value, or an object of options. */
function either(
  word: string,
  accepts: (value: unknown) => boolean,
  known: Record<string, Kind>,
  needed: readonly string[] = [],
): Kind {
  const names = Object.entries(known).map(([name, { takes }]) => `${name}: ${takes}`)
  const isOptions = (v: unknown): boolean =>
    isRecord(v) &&
    needed.every((name) => v[name] !== undefined) &&
    Object.entries(v).every(([name, each]) => Object.hasOwn(known, name) && known[name]!.accepts(each))
  return {
    takes: `${word}, or an object with ${names.join('; ')}`,
    accepts: (v) => accepts(v) || isOptions(v),
  }
}

function isLevel(value: unknown): boolean {
  return levelNumber(value) !== undefined && levelNumber(value)! < levels.length
}

function isPattern(name: string): boolean {
  return !name.slice(0, -1).includes('*')
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1
}

/** Throws for a name that no share applies to; a pattern may match other names as well. */
function canSample(rates: Record<string, unknown>): boolean {
  const name = Object.keys(rates).find((each) => !each.endsWith('*') && isExempt(each))
  if (name === undefined) return true
  throw new TypeError(
    `setup(): log.sample takes no ${name}: events named request_… and …_flow_… are always written; leave it out, or rename the event.`,
  )
}

/** Options with a check of their own, which throws what is wrong with them. */
function passes<T>(check: (options: T) => void): (options: unknown) => boolean {
  return (options) => {
    check(options as T)
    return true
  }
}

function isRenaming(value: unknown): boolean {
  if (!isRecord(value)) return false
  const names = reservedKeys.map((key) => value[key] ?? key)
  const known = Object.keys(value).every((key) => (reservedKeys as readonly string[]).includes(key))
  return (
    known &&
    names.every((name) => typeof name === 'string' && name !== '' && name !== '__proto__') &&
    new Set(names).size === names.length
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
