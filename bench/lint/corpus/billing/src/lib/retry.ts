import { setTimeout as sleep } from 'node:timers/promises'

export interface RetryOptions {
  attempts?: number
  baseMs?: number
  retryable?: (err: unknown) => boolean
  signal?: AbortSignal
}

export async function retry<T>(fn: (attempt: number) => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { attempts = 3, baseMs = 200, retryable = isTransient, signal } = options
  let last: unknown
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      return await fn(attempt) //= return: no  result
    } catch (err) { //= catch: no  kept and thrown at the end
      last = err
      if (attempt === attempts || !retryable(err)) break
      await sleep(baseMs * 2 ** (attempt - 1) + Math.random() * baseMs, undefined, { signal })
    }
  }
  throw last
}

export function isTransient(err: unknown): boolean {
  if (!(err instanceof Error)) return false //= return: no  predicate
  const code = (err as NodeJS.ErrnoException).code
  if (code && ['ECONNRESET', 'ETIMEDOUT', 'EPIPE'].includes(code)) return true //= return: no  predicate
  return err.name === 'TimeoutError' || err.name === 'FetchError'
}

export function debounce<A extends unknown[]>(fn: (...args: A) => void, ms: number) {
  let timer: NodeJS.Timeout | undefined
  return (...args: A) => {
    if (timer) {
      timer.refresh()
      return //= return: no  timing helper
    }
    timer = setTimeout(() => {
      timer = undefined
      fn(...args)
    }, ms)
  }
}
