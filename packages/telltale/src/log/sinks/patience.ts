import { slot } from '../../state/state.js'

/** How long a full destination may keep the process waiting, in milliseconds, and what is kept for it, in bytes. */
export const bounds = slot('log.bounds', () => ({ maxBlockMs: 20, maxBufferBytes: 16 * 1024 * 1024 }))

export const criticalWaitMs = 1000
/** For everything that is to be written at the end of the process, and how long a reader may stand still at most. */
export const exitWaitMs = 2000

const cell = new Int32Array(new SharedArrayBuffer(4))

/** What all destinations together have waited: a turn of the event loop is held up once, however many are full. */
const waited = slot('log.waited', () => ({ inTurn: 0, scheduled: false, credit: Infinity, credited: 0 }))

/**
 * How long a sink waits for its destination: in a turn of the event loop `maxBlockMs`, for a critical event longer; in
 * a second no more either, so that a reader that is always a little late costs a fiftieth of the time; and once that
 * was in vain not again until the destination has taken everything, so that one that stands still costs one wait.
 */
export class Patience {
  private spentUp = false
  private waitedForCritical = false

  /** Waits a millisecond; false where there is no patience left. */
  wait(isCritical: boolean): boolean {
    if (isCritical ? this.waitedForCritical : this.spentUp) return false
    const max = isCritical ? Math.max(criticalWaitMs, bounds.maxBlockMs) : bounds.maxBlockMs
    if (waited.inTurn >= max || (!isCritical && credit() <= 0)) {
      if (isCritical) this.waitedForCritical = true
      this.spentUp = true
      return false
    }
    const begun = performance.now()
    Atomics.wait(cell, 0, 0, 1)
    const took = performance.now() - begun
    waited.inTurn += took
    if (!isCritical) waited.credit -= took
    forgetAtEndOfTurn()
    return true
  }

  /** The destination has taken everything. */
  restore(): void {
    this.spentUp = false
    this.waitedForCritical = false
  }
}

/** Milliseconds that may be waited now: `maxBlockMs` at most, which comes back within a second. */
function credit(): number {
  const now = performance.now()
  const back = ((now - waited.credited) / 1000) * bounds.maxBlockMs
  waited.credit = Math.min(bounds.maxBlockMs, waited.credit + back)
  waited.credited = now
  return waited.credit
}

function forgetAtEndOfTurn(): void {
  if (waited.scheduled) return
  waited.scheduled = true
  setImmediate(() => {
    waited.scheduled = false
    waited.inTurn = 0
  })
}

/** Waits a millisecond, whatever the patience: at the end of the process. */
export function waitAMoment(): void {
  Atomics.wait(cell, 0, 0, 1)
}
