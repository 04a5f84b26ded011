import type { ReservedKey } from '../encode/reserved-keys.js'
import { reservedKeys } from '../encode/reserved-keys.js'
import type { RequestOptions } from '../http/settings.js'
import type { LifecycleOptions } from '../lifecycle/settings.js'
import type { Sink } from '../log/sinks/sink.js'
import { checkOptions as checkRedactOptions, type RedactOptions } from '../redact/options.js'

export interface LogOptions {
  /** A level for all loggers and levels by name: `info,db=debug`; default `LOG_LEVEL`, else `info`. */
  readonly level?: string
  /** Default `LOG_FORMAT`, else `console` on a terminal and `json` everywhere else. */
  readonly format?: 'json' | 'console'
  /** Other names for the line's own keys, for platforms that insist: `{ level: 'severity' }`. */
  readonly keys?: { readonly [key in ReservedKey]?: string }
  /** Where lines go; default standard output. */
  readonly sinks?: readonly Sink[]
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
  /** Own fields of errors that are written besides the usual ones. */
  readonly errors?: { readonly fields?: readonly string[] }
  readonly requests?: RequestOptions
  readonly metrics?: { readonly process?: boolean; readonly maxSeries?: number; readonly strict?: boolean }
  readonly lifecycle?: LifecycleOptions
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
    format: { takes: "'json' or 'console'", accepts: (v) => v === 'json' || v === 'console' },
    keys: {
      takes: `an object that renames any of ${reservedKeys.join(', ')}, each to a name of its own`,
      accepts: isRenaming,
    },
    sinks: list(
      'sinks, objects with a write(text) function',
      (v) => typeof (v as Sink | null)?.write === 'function',
    ),
  },
  redact: { takes: 'options of redaction', accepts: passesItsOwnCheck },
  errors: { fields: texts },
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

/** Throws what is wrong with it. */
function passesItsOwnCheck(redact: unknown): boolean {
  checkRedactOptions(redact as RedactOptions)
  return true
}

function isRenaming(value: unknown): boolean {
  if (!isRecord(value)) return false
  const names = reservedKeys.map((key) => value[key] ?? key)
  const known = Object.keys(value).every((key) => (reservedKeys as readonly string[]).includes(key))
  return (
    known &&
    names.every((name) => typeof name === 'string' && name !== '') &&
    new Set(names).size === names.length
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refused(name: string, takes: string, got: unknown): TypeError {
  return new TypeError(`setup(): ${name} must be ${takes}, got ${describe(got)}.`)
}

/** Enough to recognise what was given; nothing that could be a secret's whole value. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return `an array of ${value.length === 0 ? 'nothing' : describe(value[0])}`
  if (typeof value === 'string')
    return value === '' ? 'an empty string' : `string ${JSON.stringify(value.slice(0, 40))}`
  if (typeof value === 'object')
    return `an object with ${Object.keys(value).slice(0, 5).join(', ') || 'nothing'}`
  return typeof value === 'function' ? 'a function' : `${typeof value} ${String(value)}`
}
