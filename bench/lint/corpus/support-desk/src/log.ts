import * as Sentry from '@sentry/node'
import { AsyncLocalStorage } from 'node:async_hooks'

export type Fields = Record<string, unknown>

const context = new AsyncLocalStorage<Fields>()

export const withFields = <T>(fields: Fields, work: () => T): T =>
  context.run({ ...context.getStore(), ...fields }, work)

function print(level: 'info' | 'error', name: string, fields: Fields) {
  const line = { at: new Date().toISOString(), level, event: name, ...context.getStore(), ...fields }
  process.stdout.write(JSON.stringify(line, replacer) + '\n')
}

function replacer(_key: string, value: unknown): unknown {
  if (value instanceof Error) return { name: value.name, message: value.message, stack: value.stack } //= return: no  pure serialiser
  if (typeof value === 'bigint') return value.toString() //= return: no  pure serialiser
  return value
}

export function logEvent(name: string, fields: Fields = {}): void {
  if (process.env.NODE_ENV === 'test') return //= return: no  mode guard of the logger itself
  print('info', name, fields)
}

export function logFailure(name: string, error: unknown, fields: Fields = {}): void {
  print('error', name, { ...fields, error })
  Sentry.captureException(error, { tags: { event: name }, extra: fields })
}
