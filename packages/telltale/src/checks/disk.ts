import type { StatsFs } from 'node:fs'
import { statfs } from 'node:fs/promises'
import type { CheckFunction } from '../health/options.js'
import { show } from '../self/show.js'
import { bytes, percent } from './bytes.js'
import { checkOptions, type Kind, share } from './options.js'
import { orAborted, Pending } from './pending.js'

export interface DiskOptions {
  /** Bytes that must be free; by default only the share counts. */
  readonly minFreeBytes?: number
  /** The share of the space and, where the file system counts them, of the inodes that must be free; default 0.05. */
  readonly minFreeShare?: number
}

const known: Record<keyof DiskOptions, Kind> = {
  minFreeBytes: [
    'a number of bytes from 1',
    (value) => typeof value === 'number' && value >= 1 && Number.isFinite(value),
  ],
  minFreeShare: share,
}

/**
 * A health check of the space that is free on the file system of a path, as `df` counts it for those who are not root.
 * Both limits hold where both are given; `minFreeBytes` alone leaves the share to inodes. One `statfs` a run; a network file system
 * that hangs is asked once until it answers, and holds one thread of libuv's pool meanwhile. Throws a TypeError for bad arguments.
 *
 * @example
 * health.check('disk', checkDisk('/var/lib/app', { minFreeBytes: 2 ** 30 }), { critical: false })
 */
export function checkDisk(path: string, options: DiskOptions = {}): CheckFunction {
  if (typeof path !== 'string' || path === '')
    throw new TypeError(`checkDisk(): the first argument must be a path, got ${show(path)}.`)
  checkOptions('checkDisk()', options, known)
  const { minFreeBytes, minFreeShare = 0.05 } = options
  const spaceShare = minFreeBytes === undefined ? minFreeShare : options.minFreeShare
  const asking = new Pending<StatsFs>()
  return async (signal) => {
    const missing = (): string => `the file system of ${path} did not answer`
    const stats = await orAborted(
      asking.join(() => statfs(path)),
      signal,
      missing,
    )
    const free = stats.bavail * stats.bsize
    const all = (stats.blocks - stats.bfree + stats.bavail) * stats.bsize
    const has = `${path} has ${bytes(free)} of ${bytes(all)} free`
    if (minFreeBytes !== undefined && free < minFreeBytes)
      throw new Error(`${has}; at least ${bytes(minFreeBytes)} are asked for`)
    if (spaceShare !== undefined && free < all * spaceShare)
      throw new Error(`${has}, ${percent(free / all)}; at least ${percent(spaceShare)} is asked for`)
    // Where inodes are made as needed, their count is 0.
    if (stats.ffree < stats.files * minFreeShare) {
      const part = percent(stats.ffree / stats.files)
      const hasInodes = `${path} has ${stats.ffree} of ${stats.files} inodes free, ${part}`
      throw new Error(`${hasInodes}; at least ${percent(minFreeShare)} is asked for`)
    }
  }
}
