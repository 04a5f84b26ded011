import { bindContext } from '../context/context.js'
import { currentScope, scopes } from '../context/scope.js'
import { asError } from '../errors/record.js'
import { error as errorLevel, info, type Level, levelNumber } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { reportFailure } from '../log/report.js'
import { redact } from '../redact/redact.js'
import { dropped } from '../self/dropped.js'
import { sayMessage } from './message.js'
import { type Capture, saying, type SayingScope } from './saying.js'

/** What is said of one failure beside its context. */
export interface CaptureHint {
  readonly tags?: Readonly<Record<string, unknown>>
  /** Named objects. */
  readonly contexts?: Readonly<Record<string, object>>
  /** Default `error`. */
  readonly level?: Level
}

/** What `withScope` gives: tags and contexts of the failures inside it. */
export interface SentryScope {
  setTag(name: string, value: unknown): void
  setContext(name: string, context: object): void
}

const log = loggerNamed('sentry')

/**
 * Logs an error as `exception_captured` and reports it, once per error object, with tags and contexts. Returns the id of
 * its event; undefined where none is sent: the error has been reported before, or nobody reports. Never throws.
 *
 * @example
 * captureException(error, { tags: { gateway: 'north' }, contexts: { order: { id, total } } })
 */
export function captureException(error: unknown, hint: CaptureHint = {}): string | undefined {
  const tags = tagsOf(hint.tags)
  return capturing({ id: undefined, tags, contexts: contextsOf(hint.contexts), level: hint.level }, () => {
    const level = levelNumber(hint.level) ?? errorLevel
    const scope = currentScope()
    const event = 'exception_captured'
    log.raise(level, event, { ...tags, error: asError(error) }, scope)
    reportFailure({ source: log, scope, level, event, fields: tags, error })
  })
}

/**
 * Logs a text as `message_captured` and sends it. Returns the id of its event, undefined where none is sent. Never throws.
 *
 * @example
 * captureMessage('the gateway answers from its fallback', 'warning')
 */
export function captureMessage(text: string, level: Level = 'info'): string | undefined {
  return capturing({ id: undefined, tags: {}, contexts: {}, level }, () =>
    sayMessage(log, levelNumber(level) ?? info, String(text)),
  )
}

function capturing(capture: Capture, act: () => void): string | undefined {
  const before = saying.capture
  saying.capture = capture
  try {
    act()
  } finally {
    saying.capture = before
  }
  return capture.id
}

/**
 * Says who the user is, from here to the end of the request, flow step or `withContext`: `id` is bound as `user_id` and
 * stands in every line; `email` goes to Sentry alone, and only with `sentry: { pii: true }`.
 *
 * @example
 * setUser({ id: session.userId })
 */
export function setUser({ id, email }: { readonly id?: string | number; readonly email?: string }): void {
  if (id !== undefined) bindContext({ user_id: id })
  const scope = scopes.getStore()
  if (scope !== undefined && typeof email === 'string') saying.emails.set(scope, redact(email))
}

/**
 * Runs `fn` with tags and contexts of its own for the failures inside it, however deep and asynchronous. Returns and
 * throws what `fn` does.
 *
 * @example
 * withScope((scope) => { scope.setTag('gateway', 'north'); captureException(error) })
 */
export function withScope<T>(fn: (scope: SentryScope) => T): T {
  const above = saying.scopes.getStore()
  const scope: SayingScope = { tags: { ...above?.tags }, contexts: { ...above?.contexts } }
  const given: SentryScope = {
    setTag: (name, value) => add(scope.tags, tagsOf({ [name]: value })),
    setContext: (name, context) => add(scope.contexts, contextsOf({ [name]: context })),
  }
  return saying.scopes.run(scope, () => fn(given))
}

const maxNamed = 50

function add(known: Record<string, unknown>, more: object): void {
  if (Object.keys(known).length < maxNamed) Object.assign(known, more)
  else dropped('error', 'scope')
}

function tagsOf(tags: unknown): Record<string, string> {
  const entries = Object.entries(redacted(tags)).slice(0, maxNamed)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : (JSON.stringify(value) ?? '')]),
  )
}

function contextsOf(contexts: unknown): Record<string, Record<string, unknown>> {
  const entries = Object.entries(redacted(contexts)).slice(0, maxNamed)
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : { value },
    ]),
  )
}

function redacted(value: unknown): object {
  const safe: unknown = redact(value)
  return typeof safe === 'object' && safe !== null ? safe : {}
}
