import { slot } from '../state/state.js'
import { inOtel, untracedContext } from '../trace/otel.js'

const depth = slot('http.unobserved', () => ({ count: 0 }))

/**
 * Runs `act` with calls to other hosts and queries left alone: no span, no event, no metric, no header. For the exits' own
 * calls, which would otherwise describe themselves, and for health checks, to an OpenTelemetry SDK's instrumentation as well. It
 * holds while `act` runs, not for what `act` leaves pending.
 */
export function unobserved<T>(act: () => T): T {
  depth.count++
  try {
    const context = untracedContext()
    return context === undefined ? act() : inOtel(context, act)
  } finally {
    depth.count--
  }
}

/** Asked as a call begins. */
export function isUnobserved(): boolean {
  return depth.count > 0
}
