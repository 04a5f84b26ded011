import { endWithParent } from './leash.mjs'

/**
 * The measured side of the channel: answers each `mark` with the CPU time of this process (user + system, all
 * threads), the wall clock and the operations so far, read in one go. What happened between two marks is a window.
 * Imported by the measured programs; costs them nothing between marks. Ends them with the harness.
 */
export function answerMarks(operations) {
  endWithParent()
  process.on('message', (message) => {
    if (message !== 'mark') return
    const { user, system } = process.cpuUsage()
    process.send({
      operations: operations(),
      cpuMicros: user + system,
      wallMicros: Number(process.hrtime.bigint() / 1000n),
      rssBytes: process.memoryUsage.rss(),
    })
  })
}

/** Two marks as costs: µs CPU for each operation, operations a second, and how much of one core was in use. */
export function between(start, end) {
  const operations = end.operations - start.operations
  const wallMicros = end.wallMicros - start.wallMicros
  const cpuMicros = end.cpuMicros - start.cpuMicros
  if (operations <= 0) throw new Error('Nothing was done in a measured window.')
  return {
    cpuMicros: cpuMicros / operations,
    perSecond: (operations * 1e6) / wallMicros,
    core: cpuMicros / wallMicros,
    rssBytes: end.rssBytes,
  }
}
