import type { Identity } from '../log/pipeline.js'
import { policy } from '../redact/policy.js'
import { reportOnce } from '../self/report.js'
import { type Dsn, dsnOf } from './dsn.js'
import type { SentryOptions } from './options.js'

/** What the reporter goes by, options over environment over defaults. */
export interface Settings {
  readonly dsn: Dsn
  readonly release: string | undefined
  readonly environment: string | undefined
  readonly serverName: string | undefined
  readonly pii: boolean
  readonly beforeSend: SentryOptions['beforeSend']
  readonly flood: false | { readonly perSecond: number; readonly burst: number }
  readonly maxQueue: number
  readonly exitFlushMs: number
}

/** Undefined where nothing names a project. */
export function settingsOf(
  options: SentryOptions | false,
  identity: Identity,
  env: NodeJS.ProcessEnv,
): Settings | undefined {
  if (options === false) return undefined
  const dsn = dsnFrom(options.dsn, env['SENTRY_DSN'])
  if (dsn === undefined) return undefined
  const { service, version, environment, instance } = identity
  const flood = options.flood ?? { perSecond: 1 }
  return {
    dsn,
    release: screened(
      options.release ??
        filled(env['SENTRY_RELEASE']) ??
        (version === undefined ? undefined : `${service}@${version}`),
    ),
    environment: screened(options.environment ?? filled(env['SENTRY_ENVIRONMENT']) ?? environment),
    serverName: screened(instance),
    pii: options.pii ?? false,
    beforeSend: options.beforeSend,
    flood: flood === false ? false : { perSecond: flood.perSecond, burst: flood.burst ?? 10 },
    maxQueue: options.maxQueue ?? 100,
    exitFlushMs: options.exitFlushMs ?? 1000,
  }
}

function dsnFrom(option: string | undefined, variable: string | undefined): Dsn | undefined {
  if (option !== undefined) return dsnOf(option)
  const text = filled(variable)
  if (text === undefined) return undefined
  const dsn = dsnOf(text)
  // Not what it got: it is a key.
  if (dsn === undefined)
    reportOnce(
      'sentry-dsn',
      "SENTRY_DSN must be a DSN as the project's settings show it, a URL of https, with the key before the host and the project's number as its path; what it has is left aside: nothing is sent to Sentry.",
    )
  return dsn
}

function screened(text: string | undefined): string | undefined {
  return text === undefined ? undefined : policy.current.text(text)
}

function filled(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim()
}
