import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads'
import { slot } from '../../state/state.js'

/** What a worker thread learns from the thread that started it; it goes through structured clone. */
export interface Inherited {
  /** The cells of the thread that listens, for the workers that it starts and for them alone. */
  readonly cells: SharedArrayBuffer
  /** What the other thread was set up with, as far as it can be cloned. */
  readonly settings: object
}

const key = 'telltale'
const slots = 1024

/** Where the characters that were handed over and not yet taken are counted. */
export const pendingAt = 0
/** Where workers count lines that they dropped, until the thread that listens counts them as its own. */
export const droppedAt = slots

export const channelOf = (threadId: number): string => `telltale:log:${threadId}`
export const levelChannel = 'telltale:levels'

/** Characters not yet taken, of all workers and of each; lines dropped; the ids of threads that are listened to. */
export const createCells = (): SharedArrayBuffer => new SharedArrayBuffer(4 * 2 * slots)

/** Tells every worker started from now on. Settings that can't be cloned are left out as a whole. */
export function bequeath(cells: SharedArrayBuffer, settings: object): void {
  // What was inherited stands under the same key: read before it is covered.
  inherited()
  try {
    setEnvironmentData(key, { cells, settings: structuredClone(settings) })
  } catch {
    // A function or a class among them can't be cloned: a worker has its own setup().
    setEnvironmentData(key, { cells, settings: {} })
  }
}

const found = slot('log.inherited', () => ({ from: undefined as Inherited | undefined, wasRead: false }))

export function inherited(): Inherited | undefined {
  if (!found.wasRead) {
    const data = isMainThread ? undefined : (getEnvironmentData(key) as unknown as Inherited | undefined)
    if (data?.cells instanceof SharedArrayBuffer) found.from = data
    found.wasRead = true
  }
  return found.from
}

/** Where a thread's id stands while somebody listens to it. */
export const slotOf = (threadId: number): number => 1 + (threadId % (slots - 1))
/** Where a thread's part of the characters not yet taken is counted: what it leaves when it ends is nobody's. */
export const shareOf = (threadId: number): number => slots + slotOf(threadId)
