import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CheckFunction } from '../health/options.js'
import { delayWindow, type DelayWindow } from './delay-monitor.js'
import { checkOptions } from './options.js'

export interface EventLoopOptions {
  /** The longest delay in milliseconds that passes; default 1,000, after which a probe of Kubernetes gives up. */
  readonly maxDelayMs?: number
}

/**
 * A health check of the event loop: the longest time since the last run for which it was blocked, to some 20 ms. Measuring
 * begins with the first run, which passes; it wakes the process 50 times a second, without JavaScript, and does not keep it alive.
 * Throws a TypeError for bad options.
 *
 * @example
 * health.check('event_loop', checkEventLoop({ maxDelayMs: 500 }), { critical: false })
 */
export function checkEventLoop(options: EventLoopOptions = {}): CheckFunction {
  checkOptions('checkEventLoop()', options, {
    maxDelayMs: [
      'a number of milliseconds above 0',
      (value) => typeof value === 'number' && value > 0 && Number.isFinite(value),
    ],
  })
  const { maxDelayMs = 1000 } = options
  let window: DelayWindow | undefined
  return async () => {
    // A block that delayed this run may have ended in this very round of timers: the monitor's comes with the next.
    await nextTurn(undefined, { ref: false })
    await nextTurn(undefined, { ref: false })
    if (window === undefined) {
      window = delayWindow()
      return
    }
    const ms = Math.round(window.take())
    if (ms > maxDelayMs)
      throw new Error(`the event loop was blocked for ${ms} ms; at most ${maxDelayMs} are allowed`)
  }
}
