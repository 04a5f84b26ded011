import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { sharedBytes } from './shared-memory.mjs'

/**
 * Bytes on V8's heap and held outside it by what is on it (array buffers, shared ones too), and resident in memory, once
 * nothing is garbage any more. The process needs `--expose-gc`.
 */
export async function settledMemory() {
  // The first collection may leave what only its own callbacks let go of, and pages are given back in the background.
  for (let i = 0; i < 3; i++) {
    globalThis.gc()
    await pause(20)
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heldBytes: heapUsed + external + sharedBytes(), rssBytes: rss }
}

/** Forgets how much was resident at most, so that `peakRss` is of what comes; false where the system can't. */
export function forgetPeak() {
  try {
    writeFileSync('/proc/self/clear_refs', '5')
    return true
  } catch {
    return false
  }
}

/** The most bytes that were resident at once, since `forgetPeak` where that works, else since the start. */
export function peakRss() {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))
    return Number(kilobytes) * 1024
  } catch {
    return process.resourceUsage().maxRSS * 1024
  }
}
