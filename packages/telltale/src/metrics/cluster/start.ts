import type { Cluster } from 'node:cluster'
import { isMainThread } from 'node:worker_threads'
import { reportOnce } from '../../self/report.js'
import { show } from '../../self/show.js'
import { slot } from '../../state/state.js'
import { tellPrimary } from './worker.js'

const forks = slot('metric-cluster-forks', () => ({ awaited: false }))

/**
 * In a cluster, makes every process answer scrapes with the metrics of all. Loading `node:cluster` takes half a
 * millisecond, so a process that can't be a worker loads it after its start, and what a primary does at its first fork:
 * then `whenForked` is called, too.
 */
export function startClusterMetrics(whenForked: () => void): void {
  if (!isMainThread || forks.awaited) return
  // At once: what the primary asks meanwhile would be heard by nobody, and a short life would leave nothing.
  if (process.connected && load().isWorker) tellPrimary()
  else {
    forks.awaited = true
    setImmediate(() => {
      const cluster = load()
      if (!cluster.isPrimary) return
      const gather = (): void => {
        whenForked()
        import('./primary.js').then(
          ({ gatherFromWorkers }) => gatherFromWorkers(cluster),
          (problem: unknown) =>
            reportOnce('metric-cluster', `the metrics of workers are not gathered: ${show(problem)}`),
        )
      }
      if (Object.keys(cluster.workers ?? {}).length > 0) gather()
      else cluster.once('fork', gather)
    }).unref()
  }
}

// It is the cluster itself, as `require` gives it; the types have an ES module's namespace.
const load = (): Cluster => process.getBuiltinModule('node:cluster') as unknown as Cluster
