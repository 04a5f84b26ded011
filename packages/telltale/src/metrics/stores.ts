import type { Definition } from './definition.js'
import { Store } from './store.js'

/** The store of a new metric. */
export function storeFor(_definition: Definition, width: number): Store {
  return new Store(width)
}
