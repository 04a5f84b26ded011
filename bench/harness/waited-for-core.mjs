import { existsSync, openSync, readSync } from 'node:fs'

const bytes = Buffer.alloc(128)
const schedstat = existsSync('/proc/self/schedstat') ? openSync('/proc/self/schedstat') : undefined

/**
 * Milliseconds in which this process's first thread could have run and had no core: what other processes took is not
 * what the measured code blocks. 0 where the system doesn't tell.
 */
export function waitedForCore() {
  if (schedstat === undefined) return 0
  const length = readSync(schedstat, bytes, 0, bytes.length, 0)
  return Number(bytes.toString('latin1', 0, length).split(' ')[1]) / 1e6
}
