import { slot } from '../state/state.js'

export type Signal = 'log' | 'metric' | 'span' | 'error' | 'flow' | 'health' | 'request' | 'query'

const counts = slot('dropped', () => new Map<string, { signal: Signal; reason: string; count: number }>())

/** Counts what was degraded or lost, for `telltale_dropped_total{signal,reason}`. `reason` comes from code, never from data. */
export function dropped(signal: Signal, reason: string, count = 1): void {
  const key = `${signal}/${reason}`
  const entry = counts.get(key)
  if (entry === undefined) counts.set(key, { signal, reason, count })
  else entry.count += count
}

export function droppedCounts(): Iterable<{ signal: Signal; reason: string; count: number }> {
  return counts.values()
}
