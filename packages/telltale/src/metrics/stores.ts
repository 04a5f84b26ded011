import { isMainThread } from 'node:worker_threads'
import type { Definition } from './definition.js'
import { Store } from './store.js'
import { receiveMetrics } from './threads/receive.js'
import { SharedStore } from './threads/shared-store.js'

/** The store of a new metric: in a worker thread one that the main thread can read. */
export function storeFor(definition: Definition, width: number): Store {
  receiveMetrics()
  return isMainThread ? new Store(width) : new SharedStore(definition, width)
}

/** The store of a metric with a `collect`: each thread reads the same source, so what a worker thread has stays its own. */
export function keepToThread(store: Store): void {
  if (store instanceof SharedStore) store.withdraw()
}
