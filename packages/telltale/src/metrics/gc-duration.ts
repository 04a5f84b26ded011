import { constants, PerformanceObserver } from 'node:perf_hooks'
import { histogram } from './histogram.js'

const kinds = ['minor', 'major', 'incremental', 'weak_callbacks'] as const
type Kind = (typeof kinds)[number]

const kindOf: Readonly<Record<number, Kind>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weak_callbacks',
}

/** Observes every garbage collection by kind. Returns what stops it. */
export function startGcDuration(): () => void {
  const duration = histogram('nodejs_gc_duration_seconds', {
    help: 'Time spent in garbage collection, by kind.',
    labels: { kind: kinds },
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
  })
  const observer = new PerformanceObserver((list) => {
    // Entries come in batches.
    for (const entry of list.getEntries()) {
      const kind = kindOf[(entry as { detail?: { kind?: number } }).detail?.kind ?? 0]
      if (kind !== undefined) duration.observe({ kind }, entry.duration / 1000)
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  return () => observer.disconnect()
}
