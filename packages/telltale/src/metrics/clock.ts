import { slot } from '../state/state.js'

/**
 * A clock of whole seconds that a hot path can afford: reading it is a load, where `performance.now()` costs more than
 * the increment. It runs only while something is measured; stopped, it shows -2, which nothing was ever touched at.
 */
export const clock = slot('metric-clock', () => ({
  second: -2,
  touched: false,
  /** Seconds in which the event loop was blocked: they passed unseen, so nothing grew older in them. */
  missed: 0,
}))

const stopped = -2

/** The second it is, counted from ten at the start of the thread, and the clock running from here on. */
export function wake(): number {
  clock.touched = true
  if (clock.second === stopped) {
    clock.second = now()
    setTimeout(tick, 1000).unref()
  }
  return clock.second
}

/** The second it is now, whether the clock runs or not. */
export function now(): number {
  const second = 10 + Math.floor(performance.now() / 1000) - clock.missed
  const late = clock.second === stopped ? 0 : second - clock.second - 1
  // A timer comes up to a second late on a loop that turns.
  if (late <= 1) return second
  clock.missed += late
  return second - late
}

function tick(): void {
  clock.second = clock.touched ? now() : stopped
  if (clock.touched) setTimeout(tick, 1000).unref()
  clock.touched = false
}
