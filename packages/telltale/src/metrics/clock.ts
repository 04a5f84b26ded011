import { slot } from '../state/state.js'

/**
 * A clock of whole seconds that a hot path can afford: reading it is a load, where `performance.now()` costs more than
 * the increment. It runs only while something is measured; stopped, it shows -2, which nothing was ever touched at.
 */
export const clock = slot('metric-clock', () => ({ second: -2, touched: false }))

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
  return 10 + Math.floor(performance.now() / 1000)
}

function tick(): void {
  clock.second = clock.touched ? now() : stopped
  if (clock.touched) setTimeout(tick, 1000).unref()
  clock.touched = false
}
