import { getHeapStatistics } from 'node:v8'
import type { CheckFunction } from '../health/options.js'
import { bytes, percent } from './bytes.js'
import { memoryUse } from './memory-use.js'
import { checkOptions, share } from './options.js'
import { orAborted, Pending } from './pending.js'

export interface MemoryOptions {
  /** The share of the limit that may be in use; default 0.9. */
  readonly maxShare?: number
}

/** What is in use of a limit, both in bytes. */
export interface Use {
  readonly used: number
  readonly limit: number
  /** Whose limit it is. */
  readonly of: string
}

/**
 * A health check of memory: what the control group (version 2 or 1, the smallest limit above the process) has in use of its
 * limit, without file pages that can be dropped, or else the process of the machine's memory; and V8's heap of its
 * limit. Some small files of the kernel are read a run. Throws a TypeError for bad options.
 *
 * @example
 * health.check('memory', checkMemory({ maxShare: 0.95 }), { critical: false })
 */
export function checkMemory(options: MemoryOptions = {}): CheckFunction {
  return memoryCheck(options, '/', heapUse)
}

/** The same of another root folder and heap, for tests. */
export function memoryCheck(options: MemoryOptions, root: string, heap: () => Use): CheckFunction {
  checkOptions('checkMemory()', options, { maxShare: share })
  const { maxShare = 0.9 } = options
  const reading = new Pending<Use>()
  return async (signal) => {
    const use = await orAborted(
      reading.join(() => memoryUse(root)),
      signal,
      () => 'its files were not read',
    )
    for (const { used, limit, of } of [use, heap()]) {
      if (used <= limit * maxShare) continue
      const has = `${percent(used / limit)} of ${of} is in use: ${bytes(used)} of ${bytes(limit)}`
      throw new Error(`${has}; at most ${percent(maxShare)} is allowed`)
    }
  }
}

function heapUse(): Use {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics()
  return { used, limit, of: "V8's heap" }
}
