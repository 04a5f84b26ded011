import { readdirSync, readFileSync, statSync } from 'node:fs'
import { slot } from '../state/state.js'
import { startEventLoopDelay } from './event-loop-delay.js'
import { startGcDuration } from './gc-duration.js'
import type { Family } from './family.js'
import { observed } from './observed.js'
import { register, unregister } from './registry.js'

const running = slot('process-metrics', () => ({ stop: undefined as (() => void) | undefined }))

/**
 * Starts the process metrics: CPU, memory, file descriptors, event loop, garbage collection, versions. Returns what stops
 * them. Most are read only at a scrape (about 0.1 ms); between scrapes five timer ticks a second are the whole cost.
 */
export function startProcessMetrics(): () => void {
  return (running.stop ??= start())
}

function start(): () => void {
  const families = readings().map((family) => register<Family>(family.definition, () => family))
  const stops = [startEventLoopDelay(), startGcDuration()]
  return () => {
    running.stop = undefined
    families.forEach(unregister)
    stops.forEach((stop) => stop())
  }
}

function readings(): Family[] {
  const [major = '', minor = '', patch = ''] = process.version.slice(1).split('.')
  const version = { version: process.version, major, minor, patch }
  const startedAt = Math.round(Date.now() - process.uptime() * 1000) / 1000
  const memory = (): NodeJS.MemoryUsage => process.memoryUsage()
  return [
    observed('counter', 'process_cpu_seconds_total', 'CPU time spent, user and system, in seconds.', () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    }),
    observed(
      'counter',
      'process_cpu_user_seconds_total',
      'CPU time spent in user mode, in seconds.',
      () => process.cpuUsage().user / 1e6,
    ),
    observed(
      'counter',
      'process_cpu_system_seconds_total',
      'CPU time spent in the kernel, in seconds.',
      () => process.cpuUsage().system / 1e6,
    ),
    observed(
      'gauge',
      'process_start_time_seconds',
      'Start of the process, in seconds since the Unix epoch.',
      () => startedAt,
    ),
    observed('gauge', 'process_resident_memory_bytes', 'Resident memory of the process.', () =>
      process.memoryUsage.rss(),
    ),
    observed('gauge', 'nodejs_heap_size_total_bytes', 'Size of the V8 heap.', () => memory().heapTotal),
    observed(
      'gauge',
      'nodejs_heap_size_used_bytes',
      'Part of the V8 heap that is in use.',
      () => memory().heapUsed,
    ),
    observed(
      'gauge',
      'nodejs_external_memory_bytes',
      'Memory outside the V8 heap held by its objects.',
      () => memory().external,
    ),
    observed('gauge', 'nodejs_version_info', 'Version of Node.js, as labels; the value is 1.', () => [
      [version, 1],
    ]),
    observed(
      'counter',
      'nodejs_eventloop_time_seconds_total',
      'Time the event loop was active and idle, in seconds.',
      () => {
        const { active, idle } = performance.eventLoopUtilization()
        return [
          [{ state: 'active' }, active / 1000],
          [{ state: 'idle' }, idle / 1000],
        ]
      },
    ),
    ...(process.platform === 'linux' ? descriptorReadings() : []),
  ]
}

function descriptorReadings(): Family[] {
  return [
    observed('gauge', 'process_open_fds', 'Open file descriptors.', () => {
      // Since Linux 6.2 the folder's size is the count; before, it is 0 and the folder is read, itself being one of them.
      return statSync('/proc/self/fd').size || readdirSync('/proc/self/fd').length - 1
    }),
    observed('gauge', 'process_max_fds', 'Most file descriptors the process may open.', () => {
      const limit = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
      return limit === 'unlimited' ? Infinity : Number(limit)
    }),
  ]
}
