import { getHeapSpaceStatistics, type HeapSpaceInfo } from 'node:v8'
import type { Family } from './family.js'
import { observed } from './observed.js'

/** What each thread has of its own: its event loop's time, its heap, what keeps it running. */
export function threadReadings(): Family[] {
  return [
    observed({
      type: 'gauge',
      name: 'nodejs_heap_size_total_bytes',
      help: 'Size of the V8 heap.',
      read: () => process.memoryUsage().heapTotal,
    }),
    observed({
      type: 'gauge',
      name: 'nodejs_heap_size_used_bytes',
      help: 'Part of the V8 heap that is in use.',
      read: () => process.memoryUsage().heapUsed,
    }),
    heapSpaces('nodejs_heap_space_size_total_bytes', 'Size of the V8 heap, by space.', 'space_size'),
    heapSpaces(
      'nodejs_heap_space_size_used_bytes',
      'Part of the V8 heap that is in use, by space.',
      'space_used_size',
    ),
    observed({
      type: 'gauge',
      name: 'nodejs_external_memory_bytes',
      help: 'Memory outside the V8 heap held by its objects.',
      read: () => process.memoryUsage().external,
    }),
    observed({
      type: 'gauge',
      name: 'nodejs_array_buffers_bytes',
      help: 'Memory of ArrayBuffers and Buffers, part of the external memory.',
      read: () => process.memoryUsage().arrayBuffers,
    }),
    observed({
      type: 'gauge',
      name: 'nodejs_active_resources',
      help: 'Open handles, requests and timers that keep the event loop running, by type.',
      labels: ['type'],
      read: activeResources(),
    }),
    observed({
      type: 'counter',
      name: 'nodejs_eventloop_time_seconds_total',
      help: 'Time the event loop was active and idle, in seconds.',
      labels: ['state'],
      read() {
        const { active, idle } = performance.eventLoopUtilization()
        return [
          [{ state: 'active' }, active / 1000],
          [{ state: 'idle' }, idle / 1000],
        ]
      },
    }),
  ]
}

function heapSpaces(name: string, help: string, size: 'space_size' | 'space_used_size'): Family {
  const reading = (space: HeapSpaceInfo) =>
    [{ space: space.space_name.replace(/_space$/, '') }, space[size]] as const
  return observed({
    type: 'gauge',
    name,
    help,
    labels: ['space'],
    read: () => getHeapSpaceStatistics().map(reading),
  })
}

// Node has about forty, of which a service meets a dozen.
const maxTypes = 32

/** A type that was seen once stays, at 0: a graph that breaks off would say that nothing is known. */
function activeResources(): () => Iterable<readonly [{ type: string }, number]> {
  const counts = new Map<string, number>()
  return function* () {
    for (const type of counts.keys()) counts.set(type, 0)
    for (const resource of process.getActiveResourcesInfo()) {
      const type = counts.has(resource) || counts.size < maxTypes ? resource : 'other'
      counts.set(type, (counts.get(type) ?? 0) + 1)
    }
    for (const [type, count] of counts) yield [{ type }, count]
  }
}
