import type { Cluster } from 'node:cluster'
import { isMainThread } from 'node:worker_threads'

export type PassedOn = 'SIGTERM' | 'SIGINT'

/** What a primary that drains tells its workers, any number of times, and what those that take it say at once. */
export type LifecycleMessage = { readonly telltale: 'lifecycle' } & (
  { readonly kind: 'drain'; readonly signal: PassedOn } | { readonly kind: 'draining' }
)

// Workers have two thirds of the time for flushes, from the next sixth on those left are killed, the last is the
// primary's own: all of it ends with `flushTimeoutMs`.
export const flushShareOfWorker = 2 / 3
export const flushShareOfWorkers = 5 / 6

/** It is the cluster itself, as `require` gives it; loading it takes half a millisecond. */
export const loadCluster = (): Cluster => process.getBuiltinModule('node:cluster') as unknown as Cluster

/** Whether there is a primary that this process ends with. Loads nothing where nobody is connected. */
export function isClusterWorker(): boolean {
  return isMainThread && process.connected && loadCluster().isWorker
}

/** Whether a message is one of ours, of the right shape; others' are left alone. */
export function isLifecycleMessage(message: unknown): message is LifecycleMessage {
  if (typeof message !== 'object' || message === null) return false
  const { telltale, kind, signal } = message as Record<string, unknown>
  if (telltale !== 'lifecycle') return false
  return kind === 'draining' || (kind === 'drain' && (signal === 'SIGTERM' || signal === 'SIGINT'))
}
