import { slot } from '../state/state.js'
import { startEventLoopDelay } from './event-loop-delay.js'
import { startGcDuration } from './gc-duration.js'
import type { Family } from './family.js'
import { processReadings } from './process-readings.js'
import { register, unregister } from './registry.js'
import { threadReadings } from './thread-readings.js'

const running = slot('process-metrics', () => ({ stop: undefined as (() => void) | undefined }))

/**
 * Starts the process metrics: CPU, memory, file descriptors, event loop, garbage collection, versions. Returns what stops
 * them. Most are read only at a scrape (about 0.1 ms); between scrapes five timer ticks a second are the whole cost.
 */
export function startProcessMetrics(): () => void {
  return (running.stop ??= start())
}

function start(): () => void {
  const families = [...processReadings(), ...threadReadings()].map((family) =>
    register<Family>(family.definition, () => family),
  )
  const stops = [startEventLoopDelay(), startGcDuration()]
  return () => {
    running.stop = undefined
    families.forEach(unregister)
    stops.forEach((stop) => stop())
  }
}
