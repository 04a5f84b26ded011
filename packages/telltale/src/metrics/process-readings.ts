import { readdirSync, readFileSync, statSync } from 'node:fs'
import type { Family } from './family.js'
import { observed } from './observed.js'

/** What is one for the process, whichever of its threads asks. */
export function processReadings(): Family[] {
  const [major = '', minor = '', patch = ''] = process.version.slice(1).split('.')
  const version = { version: process.version, major, minor, patch }
  const startedAt = Math.round(Date.now() - process.uptime() * 1000) / 1000
  return [
    observed({
      type: 'counter',
      name: 'process_cpu_seconds_total',
      help: 'CPU time spent, user and system, in seconds.',
      read() {
        const { user, system } = process.cpuUsage()
        return (user + system) / 1e6
      },
    }),
    observed({
      type: 'counter',
      name: 'process_cpu_user_seconds_total',
      help: 'CPU time spent in user mode, in seconds.',
      read: () => process.cpuUsage().user / 1e6,
    }),
    observed({
      type: 'counter',
      name: 'process_cpu_system_seconds_total',
      help: 'CPU time spent in the kernel, in seconds.',
      read: () => process.cpuUsage().system / 1e6,
    }),
    observed({
      type: 'gauge',
      name: 'process_start_time_seconds',
      help: 'Start of the process, in seconds since the Unix epoch.',
      merge: 'min',
      read: () => startedAt,
    }),
    observed({
      type: 'gauge',
      name: 'process_resident_memory_bytes',
      help: 'Resident memory of the process.',
      read: () => process.memoryUsage.rss(),
    }),
    observed({
      type: 'gauge',
      name: 'nodejs_version_info',
      help: 'Version of Node.js, as labels; the value is 1.',
      labels: Object.keys(version),
      merge: 'max',
      read: () => [[version, 1]],
    }),
    ...(process.platform === 'linux' ? descriptorReadings() : []),
  ]
}

function descriptorReadings(): Family[] {
  return [
    observed({
      type: 'gauge',
      name: 'process_open_fds',
      help: 'Open file descriptors.',
      // Since Linux 6.2 the folder's size is the count; before, it is 0 and the folder is read, itself being one of them.
      read: () => statSync('/proc/self/fd').size || readdirSync('/proc/self/fd').length - 1,
    }),
    observed({
      type: 'gauge',
      name: 'process_max_fds',
      help: 'Most file descriptors the process may open.',
      read() {
        const limit = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
        return limit === 'unlimited' ? Infinity : Number(limit)
      },
    }),
  ]
}
