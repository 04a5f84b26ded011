/**
 * At most one call of what can't be cancelled, however many runs have given up on it: a dependency that hangs gets no more to
 * do from run to run.
 */
export class Pending<T> {
  private answer: Promise<T> | undefined

  /** What is under way, or else what `begin` begins. */
  join(begin: () => Promise<T>): Promise<T> {
    if (this.answer !== undefined) return this.answer
    const answer = begin()
    this.answer = answer
    const over = (): void => {
      if (this.answer === answer) this.answer = undefined
    }
    // Both ways: one that fails when nobody waits any longer is no unhandled rejection.
    answer.then(over, over)
    return answer
  }

  /** The next run begins anew, for what is under way has been broken off. */
  forget(): void {
    this.answer = undefined
  }
}

/** The answer, or at the abort a rejection that says what did not come. */
export function orAborted<T>(answer: Promise<T>, signal: AbortSignal, missing: () => string): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(lateError(signal, missing()))
    if (signal.aborted) giveUp()
    signal.addEventListener('abort', giveUp, { once: true })
    const settled = (): void => signal.removeEventListener('abort', giveUp)
    answer.then(resolve, reject)
    answer.then(settled, settled)
  })
}

/** The signal's own reason tells the time; this adds what it passed on. */
export function lateError(signal: AbortSignal, missing: string): Error {
  const { reason } = signal as { readonly reason: unknown }
  return new Error(reason instanceof Error ? `${reason.message}: ${missing}` : missing)
}
