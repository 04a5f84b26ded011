import { fromDefinition, type Definition } from './definitions.js'
import type { Metric, MetricType } from './metric.js'

function defined(type: MetricType, name: string, labels: readonly string[] = [], more: object = {}): Metric {
  const definition = {
    type,
    name,
    help: `Help of ${name}.`,
    labels: labels.map((one) => ({ name: one })),
    ...more,
  }
  return fromDefinition(definition satisfies Definition)
}

const buckets = { buckets: [0.1, 1] }

/** What a service has that uses every part of the SDK. */
export const standard: readonly Metric[] = [
  defined('counter', 'http_requests_total', ['method', 'path', 'status']),
  defined('histogram', 'http_request_duration_seconds', ['method', 'path'], buckets),
  defined('gauge', 'http_requests_in_progress', ['method']),
  defined('histogram', 'http_client_request_duration_seconds', ['method', 'host', 'status'], buckets),
  defined('histogram', 'flow_duration_seconds', ['flow', 'outcome'], buckets),
  defined('histogram', 'flow_step_duration_seconds', ['flow', 'step'], buckets),
  defined('gauge', 'flows_in_progress', ['flow']),
  defined('histogram', 'db_query_duration_seconds', ['system', 'query_type'], buckets),
  defined('gauge', 'db_active_connections', ['system', 'pool']),
  defined('gauge', 'db_idle_connections', ['system', 'pool']),
  defined('gauge', 'db_waiting_requests', ['system', 'pool']),
  defined('gauge', 'health_ready'),
  defined('gauge', 'health_check_up', ['check']),
  defined('histogram', 'health_check_duration_seconds', ['check'], buckets),
  defined('counter', 'log_events_total', ['level', 'event']),
  defined('counter', 'telltale_dropped_total', ['signal', 'reason']),
  defined('counter', 'process_cpu_seconds_total'),
  defined('counter', 'process_cpu_user_seconds_total'),
  defined('counter', 'process_cpu_system_seconds_total'),
  defined('gauge', 'process_resident_memory_bytes'),
  defined('gauge', 'process_start_time_seconds'),
  defined('gauge', 'process_open_fds'),
  defined('gauge', 'process_max_fds'),
  defined('histogram', 'nodejs_eventloop_delay_seconds', [], buckets),
  defined('counter', 'nodejs_eventloop_time_seconds_total', ['state']),
  defined('histogram', 'nodejs_gc_duration_seconds', ['kind'], buckets),
  defined('gauge', 'nodejs_heap_size_total_bytes'),
  defined('gauge', 'nodejs_heap_size_used_bytes'),
  defined('gauge', 'nodejs_heap_space_size_used_bytes', ['space']),
  defined('gauge', 'nodejs_external_memory_bytes'),
  defined('gauge', 'nodejs_version_info', ['version', 'major']),
  defined('gauge', 'nodejs_something_new', ['kind']),
]

/** One of each kind that a service may define itself. */
export const own: readonly Metric[] = [
  defined('counter', 'submissions_total', ['skill_area', 'status']),
  defined('counter', 'sent_bytes_total'),
  defined('gauge', 'queue_jobs', ['queue']),
  defined('gauge', 'backup_timestamp_seconds'),
  defined('gauge', 'build_info', ['commit']),
  defined('histogram', 'render_seconds', ['kind'], buckets),
  defined('histogram', 'wait_seconds', [], { native: { factor: 1.1 } }),
  defined('histogram', 'body_bytes', [], { native: { factor: 1.1 }, ...buckets }),
  defined('summary', 'score_ratio', ['skill_area']),
]
