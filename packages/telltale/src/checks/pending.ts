interface Waiter<T> {
  resolve(answer: T): void
  reject(error: unknown): void
}

/**
 * At most one call at a time of what can't be cancelled, however many runs have given up on it: a dependency that hangs gets no
 * more to do from run to run, and a run that has given up leaves nothing behind.
 */
export class Pending<T> {
  // A promise would keep each run that has ever waited for it.
  private waiters: Set<Waiter<T>> | undefined

  /** What comes of the call under way, or else of `begin`; at the abort a rejection that says what did not come. */
  answer(begin: () => Promise<T>, signal: AbortSignal, missing: () => string): Promise<T> {
    const waiters = (this.waiters ??= this.begun(begin))
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiters.delete(waiter)
        signal.removeEventListener('abort', giveUp)
      }
      const giveUp = (): void => {
        leave()
        reject(lateError(signal, missing()))
      }
      const waiter: Waiter<T> = {
        resolve: (answer) => (leave(), resolve(answer)),
        reject: (error) => (leave(), reject(error)),
      }
      waiters.add(waiter)
      if (signal.aborted) giveUp()
      else signal.addEventListener('abort', giveUp)
    })
  }

  /** The next run begins anew, for what is under way has been broken off. */
  forget(): void {
    this.waiters = undefined
  }

  private begun(begin: () => Promise<T>): Set<Waiter<T>> {
    const waiters = new Set<Waiter<T>>()
    const over = (tell: (waiter: Waiter<T>) => void): void => {
      if (this.waiters === waiters) this.waiters = undefined
      for (const waiter of waiters) tell(waiter)
    }
    // Handled both ways: one that fails when nobody waits any longer is no unhandled rejection.
    begin().then(
      (answer) => over((waiter) => waiter.resolve(answer)),
      (error: unknown) => over((waiter) => waiter.reject(error)),
    )
    return waiters
  }
}

/** The signal's own reason tells the time; this adds what it passed on. */
export function lateError(signal: AbortSignal, missing: string): Error {
  const { reason } = signal as { readonly reason: unknown }
  return new Error(reason instanceof Error ? `${reason.message}: ${missing}` : missing)
}
