import { sum } from '../../promql.js'
import { ownPanels } from '../own-panels.js'
import type { Panel, Target, Unit } from '../panel.js'
import { percentiles, type Row, type Subject } from '../row.js'

const instance = ['instance']

/** The process and its runtime, each instance for itself. */
export function process(subject: Subject): Row {
  const stats = [...version(subject), ...uptime(subject)]
  const known = [
    ...eventLoop(subject),
    ...gauges(subject, 'Memory', 'bytes', [
      ['process_resident_memory_bytes', 'resident'],
      ['nodejs_heap_size_total_bytes', 'heap'],
      ['nodejs_heap_size_used_bytes', 'heap in use'],
      ['nodejs_external_memory_bytes', 'outside the heap'],
    ]),
    ...heapSpaces(subject),
    ...garbage(subject),
    ...cpu(subject),
    ...gauges(subject, 'File descriptors', 'short', [
      ['process_open_fds', 'open'],
      ['process_max_fds', 'most allowed'],
    ]),
  ]
  const rest = subject.metrics.takeRest(['process_', 'nodejs_'])
  return {
    title: 'Process',
    groups: [stats, [...known, ...rest.flatMap((one) => ownPanels(one, subject.promql))]],
  }
}

function version({ metrics, promql }: Subject): Panel[] {
  const info = metrics.take('nodejs_version_info', 'gauge', ['version'])
  if (info === undefined) return []
  return [
    {
      key: info.name,
      title: 'Node.js',
      description: info.help,
      type: 'stat',
      unit: 'short',
      targets: [{ expr: `count by (version) (${promql.series(info.name)})`, legend: '{{version}}' }],
      showsName: true,
    },
  ]
}

function uptime({ metrics, promql }: Subject): Panel[] {
  const start = metrics.take('process_start_time_seconds', 'gauge')
  if (start === undefined) return []
  return [
    {
      key: `${start.name}/uptime`,
      title: 'Up for',
      description: 'Time since the start of the process.',
      type: 'stat',
      unit: 's',
      targets: [{ expr: `time() - ${promql.series(start.name)}`, legend: '{{instance}}' }],
    },
  ]
}

function eventLoop({ metrics, promql }: Subject): Panel[] {
  const delay = metrics.take('nodejs_eventloop_delay_seconds', 'histogram')
  const time = metrics.take('nodejs_eventloop_time_seconds_total', 'counter', ['state'])
  const panels: Panel[] = []
  if (delay !== undefined)
    panels.push({
      key: `${delay.name}/quantiles`,
      title: 'Event loop delay',
      description: delay.help,
      type: 'timeseries',
      unit: 's',
      targets: percentiles.map(([q, legend]) => ({ expr: promql.quantile(q, delay), legend })),
    })
  if (time !== undefined) {
    const active = promql.sumRate(time.name, instance, 'state="active"')
    panels.push({
      key: `${time.name}/utilisation`,
      title: 'Event loop utilisation',
      description: 'Share of the time in which the event loop was at work; at 100 % everything waits.',
      type: 'timeseries',
      unit: 'percentunit',
      targets: [{ expr: `${active} / ${promql.sumRate(time.name, instance)}`, legend: '{{instance}}' }],
    })
  }
  return panels
}

function garbage({ metrics, promql }: Subject): Panel[] {
  const gc = metrics.take('nodejs_gc_duration_seconds', 'histogram', ['kind'])
  if (gc === undefined) return []
  return [
    {
      key: `${gc.name}/share`,
      title: 'Garbage collection',
      description: 'Share of the time that went into garbage collection, by kind.',
      type: 'timeseries',
      unit: 'percentunit',
      targets: [{ expr: promql.observed(gc, ['kind']), legend: '{{kind}}' }],
      stacked: true,
    },
  ]
}

function heapSpaces({ metrics, promql }: Subject): Panel[] {
  const spaces = metrics.take('nodejs_heap_space_size_used_bytes', 'gauge', ['space'])
  if (spaces === undefined) return []
  return [
    {
      key: spaces.name,
      title: 'Heap by space',
      description: spaces.help,
      type: 'timeseries',
      unit: 'bytes',
      targets: [{ expr: sum(['space'], promql.series(spaces.name)), legend: '{{space}}' }],
      stacked: true,
    },
  ]
}

function cpu({ metrics, promql }: Subject): Panel[] {
  const total = metrics.take('process_cpu_seconds_total', 'counter')
  if (total === undefined) return []
  const targets: Target[] = [{ expr: promql.sumRate(total.name, instance), legend: '{{instance}}' }]
  // The same time, split up: two more lines an instance would hide the sum.
  metrics.take('process_cpu_user_seconds_total', 'counter')
  metrics.take('process_cpu_system_seconds_total', 'counter')
  return [
    {
      key: `${total.name}/share`,
      title: 'CPU',
      description: 'CPU time a second, user and system; 100 % is one core.',
      type: 'timeseries',
      unit: 'percentunit',
      targets,
    },
  ]
}

function gauges(
  { metrics, promql }: Subject,
  title: string,
  unit: Unit,
  parts: readonly (readonly [name: string, what: string])[],
): Panel[] {
  const targets = parts.flatMap(([name, what]): readonly Target[] =>
    metrics.take(name, 'gauge') === undefined
      ? []
      : [{ expr: promql.series(name), legend: `{{instance}} ${what}` }],
  )
  if (targets.length === 0) return []
  const description = `${title} of each instance.`
  return [{ key: `process/${title}`, title, description, type: 'timeseries', unit, targets }]
}
