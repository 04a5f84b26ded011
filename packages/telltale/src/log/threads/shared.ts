import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'

/** What a worker thread learns from the thread that started it; it goes through structured clone. */
export interface Inherited {
  /** Characters handed over and not yet taken, lines dropped, and the ids of threads that are listened to. */
  readonly cells: SharedArrayBuffer
  /** What the other thread was set up with, as far as it can be cloned. */
  readonly settings: object
}

const key = 'telltale'
const slots = 1024

/** Where the characters that were handed over and not yet taken are counted. */
export const pendingAt = 0
/** Where workers count lines that they dropped, until the main thread counts them as its own. */
export const droppedAt = slots

export const channelOf = (threadId: number): string => `telltale:log:${threadId}`
export const levelChannel = 'telltale:levels'

/** Tells every worker started from now on. Settings that can't be cloned are left out as a whole. */
export function bequeath(settings: object): SharedArrayBuffer {
  const cells = inherited()?.cells ?? new SharedArrayBuffer(4 * (slots + 1))
  try {
    setEnvironmentData(key, { cells, settings: structuredClone(settings) })
  } catch {
    setEnvironmentData(key, { cells, settings: {} })
  }
  return cells
}

export function inherited(): Inherited | undefined {
  const found = getEnvironmentData(key) as unknown as Inherited | undefined
  return found?.cells instanceof SharedArrayBuffer ? found : undefined
}

/** Where a thread's id stands while somebody listens to it. */
export const slotOf = (threadId: number): number => 1 + (threadId % (slots - 1))
