import { slot } from '../../state/state.js'

/** How long a full destination may keep the process waiting, in milliseconds, and what is kept for it, in bytes. */
export const bounds = slot('log.bounds', () => ({ maxBlockMs: 20, maxBufferBytes: 16 * 1024 * 1024 }))

export const criticalWaitMs = 1000
export const exitWaitMs = 2000

const cell = new Int32Array(new SharedArrayBuffer(4))

/**
 * How long a sink has waited for its destination. In a turn of the event loop `maxBlockMs`, for a critical event
 * longer; and once that was in vain not again until the destination has taken everything: a reader that stands still
 * costs one wait, not one a turn.
 */
export class Patience {
  private spent = 0
  private spentUp = false
  private waitedForCritical = false
  private turn = false

  /** Waits a millisecond; false where there is no patience left. */
  wait(isCritical: boolean): boolean {
    const max = isCritical ? Math.max(criticalWaitMs, bounds.maxBlockMs) : bounds.maxBlockMs
    if (this.spent >= max) {
      if (isCritical) this.waitedForCritical = true
      this.spentUp = true
    }
    if (isCritical ? this.waitedForCritical : this.spentUp) return false
    const begun = performance.now()
    Atomics.wait(cell, 0, 0, 1)
    this.spent += performance.now() - begun
    this.forgetAtEndOfTurn()
    return true
  }

  /** The destination has taken everything. */
  restore(): void {
    this.spentUp = false
    this.waitedForCritical = false
  }

  private forgetAtEndOfTurn(): void {
    if (this.turn) return
    this.turn = true
    setImmediate(() => {
      this.turn = false
      this.spent = 0
    })
  }
}

/** Waits a millisecond, whatever the patience: at the end of the process. */
export function waitAMoment(): void {
  Atomics.wait(cell, 0, 0, 1)
}
