import { setTimeout as sleep } from 'node:timers/promises'
import { componentLog } from '../log.js'

export interface RetryOptions {
  attempts?: number
  baseMs?: number
  signal?: AbortSignal
}

const log = componentLog('retry')
const NETWORK = new Set(['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_SOCKET'])

export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false //= return: no  predicate
  const { code, status } = error as Error & { code?: string; status?: number }
  if (status !== undefined) return status === 429 || status >= 500 //= return: no  predicate
  return code !== undefined && NETWORK.has(code)
}

export async function withRetry<T>(work: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { attempts = 3, baseMs = 250, signal } = options
  for (let attempt = 1; ; attempt++) {
    try {
      return await work() //= return: no  the result
    } catch (error) { //= catch: no  rethrown, or tried again and logged
      if (attempt >= attempts || !isTransient(error)) throw error
      const waitMs = baseMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2)
      log.debug({ attempt, waitMs, err: error }, 'trying again')
      await sleep(waitMs, undefined, { signal })
    }
  }
}

/** The first that answers; all failures together when none does. */
export async function firstOf<T>(works: (() => Promise<T>)[]): Promise<T> {
  const errors: unknown[] = []
  for (const work of works) {
    try {
      return await work() //= return: no  the result
    } catch (error) { //= catch: no  kept for the AggregateError
      errors.push(error)
    }
  }
  throw new AggregateError(errors, 'none of the sources answered')
}

export async function settle<T>(work: Promise<T>): Promise<[T, null] | [null, Error]> {
  try {
    return [await work, null] //= return: no  the result
  } catch (error) { //= catch: no  returned to the caller
    return [null, error as Error] //= return: no  error is returned
  }
}
