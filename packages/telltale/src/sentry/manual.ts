import { bindContext, unbindContext } from '../context/context.js'
import { currentScope, scopes } from '../context/scope.js'
import { asError } from '../errors/record.js'
import { error as errorLevel, info, type Level, levelNumber, levels } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { reportFailure, reportSoon } from '../log/report.js'
import { limits } from '../redact/limits.js'
import { redact } from '../redact/redact.js'
import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { jsonOf, plain } from './json.js'
import { messageEvent, sendMessage } from './message.js'
import { type Capture, saying, type SayingScope } from './saying.js'

/** What is said of one failure, or of one message, beside its context. */
export interface CaptureHint {
  readonly tags?: Readonly<Record<string, unknown>>
  /** Named objects. */
  readonly contexts?: Readonly<Record<string, object>>
  /** Default `error`, of a message `info`. */
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
export function captureException(error: unknown, hint?: CaptureHint | null): string | undefined {
  const given = capture(() => hint)
  return capturing(given, () => {
    const level = levelNumber(given.level) ?? errorLevel
    const scope = currentScope()
    const event = 'exception_captured'
    const { tags } = given
    log.raise(level, event, { ...tags, error: asError(error) }, scope)
    reportSoon(() =>
      capturing(given, () => reportFailure({ source: log, scope, level, event, fields: tags, error })),
    )
  })
}

/**
 * Logs a text as `message_captured` and sends it, at a level or with a hint as of `captureException`. Returns the id of its
 * event, undefined where none is sent. Never throws.
 *
 * @example
 * captureMessage('the gateway answers from its fallback', 'warning')
 */
export function captureMessage(text: string, hint?: Level | CaptureHint | null): string | undefined {
  const given = capture(() => (typeof hint === 'string' ? { level: hint } : hint))
  return capturing(given, () => {
    const level = levelNumber(given.level) ?? info
    const scope = currentScope()
    const fields = { ...given.tags, message: spoken(text) }
    log.raise(level, messageEvent, fields, scope)
    reportSoon(() => capturing(given, () => sendMessage(log, scope, level, fields)))
  })
}

function spoken(text: unknown): string {
  if (text === undefined || text === '') return 'captureMessage() was given no text'
  return typeof text === 'string' ? text : show(text)
}

/** What a hint says, as much of it as can be read. */
function capture(hint: () => CaptureHint | null | undefined): Capture {
  return {
    id: undefined,
    tags: safely({}, () => tagsOf(hint()?.tags)),
    contexts: safely({}, () => contextsOf(hint()?.contexts)),
    // As the log spells it; one that there is none of is not said.
    level: safely(undefined, () => levels[levelNumber(hint()?.level) ?? levels.length]),
  }
}

function capturing(capture: Capture, act: () => void): string | undefined {
  const before = saying.capture
  saying.capture = capture
  try {
    safely(undefined, act)
  } finally {
    saying.capture = before
  }
  return capture.id
}

/** What is said by hand may have getters that throw: what can't be read is not said. */
function safely<T>(otherwise: T, act: () => T): T {
  try {
    return act()
  } catch (problem) {
    dropped('error', 'unreadable')
    reportOnce(
      'sentry-unreadable',
      `what was said by hand could not be read, and is left out: ${show(problem)}`,
    )
    return otherwise
  }
}

/**
 * Says who the user is, from here to the end of the request, flow step or `withContext`: `id` is bound as `user_id` and
 * stands in every line; `email` goes to Sentry alone, and only with `sentry: { pii: true }`. `null` takes back what was
 * said there. Never throws.
 *
 * @example
 * setUser({ id: session.userId })
 */
export function setUser(user: { readonly id?: string | number; readonly email?: string } | null): void {
  const scope = scopes.getStore()
  if (user === null || user === undefined) {
    unbindContext('user_id')
    if (scope !== undefined) saying.emails.delete(scope)
    return
  }
  safely(undefined, () => {
    const { id, email } = user
    if (id !== undefined) bindContext({ user_id: id })
    // By its name, too: the policy may hide what is called so.
    if (scope !== undefined && typeof email === 'string') saying.emails.set(scope, redact({ email }).email)
  })
}

/**
 * Runs `fn` with tags and contexts of its own for the failures inside it, however deep and asynchronous. Returns and
 * throws what `fn` does; without a function it says so on stderr and does nothing.
 *
 * @example
 * withScope((scope) => { scope.setTag('gateway', 'north'); captureException(error) })
 */
export function withScope<T>(fn: (scope: SentryScope) => T): T {
  if (typeof fn !== 'function') {
    reportOnce('sentry-with-scope', `withScope() takes a function, and does nothing with ${show(fn)}.`)
    return undefined as T
  }
  const above = saying.scopes.getStore()
  const scope: SayingScope = { tags: { ...above?.tags }, contexts: { ...above?.contexts } }
  const given: SentryScope = {
    setTag: (name, value) => safely(undefined, () => add(scope.tags, tagsOf({ [name]: value }))),
    setContext: (name, context) =>
      safely(undefined, () => {
        const { [name]: _former, ...others } = scope.contexts
        add(scope.contexts, contextsOf({ [name]: context }, jsonOf(others).length))
      }),
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
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : textOf(value)]),
  )
}

/** All of them, with the characters that are taken, have the room of a log line: what waits is bounded by number alone. */
function contextsOf(contexts: unknown, taken = 0): Record<string, Record<string, unknown>> {
  const entries = Object.entries(redacted(contexts)).slice(0, maxNamed)
  let left = limits.maxLine - taken
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const size = jsonOf(value).length
      if (size > left)
        return [name, { cut: `${size} characters, and there is room for ${Math.max(0, left)}` }]
      left -= size
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
      return [name, isObject ? { ...value } : { value }]
    }),
  )
}

function textOf(value: unknown): string {
  return typeof value === 'bigint' ? String(value) : value === undefined ? '' : jsonOf(value)
}

function redacted(value: unknown): object {
  const safe: unknown = plain(redact(value))
  return typeof safe === 'object' && safe !== null ? safe : {}
}
