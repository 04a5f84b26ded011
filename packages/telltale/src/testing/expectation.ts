import { inspect } from 'node:util'
import { isError } from '../errors/record.js'
import { matches } from './differences.js'
import type { CapturedLogs } from './captured-logs.js'
import { factsOf } from './captured-logs.js'
import type { LoggedEvent } from './logged-event.js'

/** A type's name or a part of the message, a pattern of the message, an error class, or an error of type and message. */
export type ErrorExpectation = string | RegExp | Error | (abstract new (...given: never[]) => Error)

/** What a test expects to have been logged. */
export interface Expectation {
  /** By name; undefined takes any. */
  readonly event: string | undefined
  readonly fields: object | undefined
  /** Events of level error and above alone, with an error like this one where given. */
  readonly error?: { readonly like: ErrorExpectation | undefined }
}

export function fulfilling(logs: CapturedLogs, expectation: Expectation): LoggedEvent[] {
  return logs.events.filter((event) => fulfils(event, expectation))
}

function fulfils(logged: LoggedEvent, { event, fields, error }: Expectation): boolean {
  const facts = factsOf(logged)
  if (event !== undefined && facts.event !== event) return false
  if (fields !== undefined && !matches(fields, logged)) return false
  if (error === undefined) return true
  return (facts.level === 'error' || facts.level === 'critical') && isLike(logged['error'], error.like)
}

function isLike(logged: unknown, like: ErrorExpectation | undefined): boolean {
  if (like === undefined) return true
  if (typeof logged !== 'object' || logged === null) return false
  const { type, message } = logged as { type?: unknown; message?: unknown }
  if (typeof like === 'string') return type === like || String(message).includes(like)
  if (typeof like === 'function') return type === like.name
  return matches({ error: isError(like) ? like : { message: like } }, { error: logged })
}

export function describe({ event, fields, error }: Expectation): string {
  const name = event ?? (error === undefined ? 'an event' : 'an error')
  const like = error?.like === undefined ? '' : ` with the error ${shownError(error.like)}`
  return `${name}${like}${fields === undefined ? '' : ` with ${shown(fields)}`}`
}

/** A value in a message about a test: asymmetric matchers by the text they give themselves. */
export function shown(value: unknown): string {
  return inspect(named(value), { depth: 6, breakLength: 100, maxArrayLength: 20, maxStringLength: 300 })
}

function shownError(like: ErrorExpectation): string {
  if (typeof like === 'function') return like.name
  return isError(like) ? `${like.name}: ${like.message}` : shown(like)
}

class Named {
  constructor(readonly text: string) {}
  [inspect.custom](): string {
    return this.text
  }
}

function named(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { asymmetricMatch, toAsymmetricMatcher } = value as Record<string, unknown>
  if (typeof asymmetricMatch === 'function') {
    return new Named(
      String(typeof toAsymmetricMatcher === 'function' ? toAsymmetricMatcher.call(value) : value),
    )
  }
  if (Array.isArray(value)) return value.map(named)
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, named(each)]))
}
