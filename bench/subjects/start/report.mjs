/** Tells the harness that the process is ready to serve, and what it took: CPU of all threads, resident memory. */
export function ready() {
  const { user, system } = process.cpuUsage()
  process.send({ cpuMs: (user + system) / 1000, rssMb: process.memoryUsage.rss() / 1e6 })
}
