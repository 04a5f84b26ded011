import { errorMonitor } from 'node:events'
import { scopes } from '../context/scope.js'
import { Query } from '../db/query.js'
import { isUnobserved } from '../http/unobserved.js'
import { slot } from '../state/state.js'
import type { PgSettings } from './pg-settings.js'

type Callback = (error: unknown, result?: { rowCount?: number | null }) => void

/** The part of a `pg` Client that is observed. */
export interface PgClient {
  query(...args: never[]): unknown
}

interface Submittable {
  readonly text?: string
  callback?: Callback
  submit?: unknown
  on?(event: 'end' | typeof errorMonitor, listener: (arg?: unknown) => void): unknown
}

const observed = slot('pg.clients', () => new WeakSet<object>())

/** Wraps `query` of one client; its other methods are left alone. A client is wrapped once. */
export function observeClient(client: PgClient, { slowMs }: PgSettings): void {
  if (observed.has(client)) return
  observed.add(client)
  const send = client.query as unknown as (this: PgClient, ...args: unknown[]) => unknown
  // OpenTelemetry's instrumentation marks what it has wrapped.
  const hasSpan = (send as { __wrapped?: unknown }).__wrapped === true

  function query(this: PgClient, ...args: unknown[]): unknown {
    const statement = textOf(args[0])
    if (statement === undefined || isUnobserved()) return send.apply(this, args)
    const call = new Query('postgresql', statement, slowMs, hasSpan)
    const submitted = args[0] as Submittable | string
    const isSubmittable = typeof submitted === 'object' && typeof submitted.submit === 'function'
    if (isSubmittable) watch(submitted, call)
    const at = args.findIndex((arg) => typeof arg === 'function')
    if (at >= 0) {
      args[at] = heard(call, args[at] as Callback)
      return send.apply(this, args)
    }
    if (isSubmittable) return send.apply(this, args)
    if (typeof submitted === 'object' && typeof submitted.callback === 'function') {
      args[0] = { ...submitted, callback: heard(call, submitted.callback) }
      return send.apply(this, args)
    }
    return told(call, send.apply(this, args))
  }
  client.query = query as typeof client.query
}

/** The driver calls back from the connection's context; the caller's comes back here. */
function heard(call: Query, callback: Callback): Callback {
  return (error, result) => {
    if (error) call.failed(error)
    else call.done(rowsOf(result))
    if (call.scope === undefined) callback(error, result)
    else scopes.run(call.scope, callback, error, result)
  }
}

// The caller gets the promise that follows: a handler on the driver's own would make every rejection a handled one.
function told(call: Query, answer: unknown): unknown {
  if (typeof (answer as Promise<unknown> | undefined)?.then !== 'function') {
    call.done(undefined)
    return answer
  }
  return (answer as Promise<unknown>).then(
    (result) => {
      call.done(rowsOf(result))
      return result
    },
    (error: unknown) => {
      call.failed(error)
      throw error
    },
  )
}

/** Cursors and streams end by themselves, long after `query` has returned; a query with a callback emits no error. */
function watch(submitted: Submittable, call: Query): void {
  if (typeof submitted.callback === 'function') submitted.callback = heard(call, submitted.callback)
  submitted.on?.('end', () => call.done(undefined))
  // A listener for `error` itself would make an error that nobody handles a handled one.
  submitted.on?.(errorMonitor, (error) => call.failed(error))
}

function textOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query
  const text = (query as { text?: unknown } | null | undefined)?.text
  return typeof text === 'string' ? text : undefined
}

// A text of several statements answers with a list.
function rowsOf(result: unknown): number | null | undefined {
  return (Array.isArray(result) ? result.at(-1) : result)?.rowCount as number | null | undefined
}
