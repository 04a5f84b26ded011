/** A promise (or other thenable) comes back as a plain Promise of the same value. */
export type Settled<R> = R extends PromiseLike<infer Value> ? Promise<Value> : R

/** Runs `fn` and then `done`: when it has returned, thrown or settled. Returns and throws what `fn` does. */
export function whenSettled<R>(fn: () => R, done: () => void): Settled<R> {
  let result: R
  try {
    result = fn()
  } catch (error) {
    done()
    throw error
  }
  if (!isThenable(result)) {
    done()
    return result as Settled<R>
  }
  // The derived promise is returned: a rejection nobody handles stays unhandled, and a lazy thenable (a query
  // builder) is started once.
  return Promise.resolve(result).finally(done) as Settled<R>
}

/** Runs `fn` and hands the seconds until it has settled to `observe`. */
export function timed<R>(fn: () => R, observe: (seconds: number) => void): Settled<R> {
  return whenSettled(fn, startTimer(observe))
}

/** What ends the timer, hands the seconds to `observe` and returns them. */
export function startTimer(observe: (seconds: number) => void): () => number {
  const start = performance.now()
  return () => {
    const seconds = Math.max(0, performance.now() - start) / 1000
    observe(seconds)
    return seconds
  }
}

/** Whether a value is to be waited for. Never throws: one whose `then` can't be read is not. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  try {
    return (
      (typeof value === 'object' || typeof value === 'function') &&
      value !== null &&
      typeof (value as { then?: unknown }).then === 'function'
    )
  } catch {
    return false
  }
}
