import { ownFields } from '../encode/fields.js'
import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { Scope, scopes } from './scope.js'

/**
 * Runs `fn` with fields on every signal raised inside it, however deep and asynchronous. Inner fields win over outer
 * ones of the same name. Costs well under a microsecond; returns and throws what `fn` does.
 *
 * @example
 * await withContext({ tenant_id }, async () => importTenant(tenant_id))
 */
export function withContext<T>(fields: object, fn: () => T): T {
  return scopes.run(
    new Scope(scopes.getStore(), 'fields', undefined, isObject(fields) ? ownFields(fields) : undefined),
    fn,
  )
}

/**
 * Adds fields to the nearest request, flow step or `withContext`: its later lines carry them, those of its neighbours
 * don't. Outside of any it does nothing, and says so once.
 *
 * @example
 * bindContext({ user_id: session.userId })
 */
export function bindContext(fields: object): void {
  const scope = scopes.getStore()
  if (scope !== undefined && isObject(fields)) scope.bind(fields)
  else if (scope === undefined) outside('bindContext')
}

/** Takes fields off the nearest request, flow step or `withContext`; what an outer one bound stays. */
export function unbindContext(...names: string[]): void {
  const scope = scopes.getStore()
  if (scope === undefined) outside('unbindContext')
  else scope.unbind(names.filter((name) => typeof name === 'string'))
}

function isObject(fields: unknown): fields is object {
  return typeof fields === 'object' && fields !== null
}

function outside(name: string): void {
  dropped('log', 'no_context')
  reportOnce(
    name,
    `${name}() was called outside of any request, flow or withContext(): there is nothing to bind to.`,
  )
}
