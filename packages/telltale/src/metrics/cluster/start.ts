import type { Cluster } from 'node:cluster'
import { isMainThread } from 'node:worker_threads'
import { gatherFromWorkers } from './primary.js'
import { tellPrimary } from './worker.js'

/**
 * In a cluster, makes every process answer scrapes with the metrics of all. Loading `node:cluster` takes half a
 * millisecond, so a process that can't be a worker loads it after its start.
 */
export function startClusterMetrics(): void {
  if (!isMainThread) return
  if (process.connected && load().isWorker) tellPrimary()
  else
    setImmediate(() => {
      const cluster = load()
      if (cluster.isPrimary) gatherFromWorkers(cluster)
    }).unref()
}

// It is the cluster itself, as `require` gives it; the types have an ES module's namespace.
const load = (): Cluster => process.getBuiltinModule('node:cluster') as unknown as Cluster
