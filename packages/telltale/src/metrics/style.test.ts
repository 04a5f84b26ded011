import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { requireBinary } from '../../../../scripts/testing/binaries.mjs'
import type { MetricType } from './definition.js'
import { styleOffence } from './style.js'

const offending: readonly [MetricType, string, string[], string][] = [
  ['counter', 'jobs', [], 'jobs_total'],
  ['counter', 'jobs_count', [], 'jobs_total'],
  ['gauge', 'jobs_total', [], 'name it jobs'],
  ['counter', 'jobsDone_total', [], 'jobs_done_total'],
  ['counter', 'jobs_total', ['skillArea'], 'skill_area'],
  ['histogram', 'wait_milliseconds', [], 'wait_seconds'],
  ['counter', 'wait_ms_total', [], 'wait_seconds_total'],
  ['gauge', 'heap_megabytes', [], 'heap_bytes'],
  ['gauge', 'active_days_streak', [], 'active_seconds_streak'],
  ['gauge', 'jobs_gauge', [], ', jobs'],
  ['gauge', 'jobs_count', [], 'histogram'],
  ['gauge', 'jobs', ['le'], 'rename'],
]

test.each(offending)('%s %s with labels %j is advised against, with the fix', (type, name, labels, fix) => {
  expect(offence(type, name, labels)).toContain(fix)
})

const fine: readonly [MetricType, string, string[]][] = [
  ['counter', 'assessment_submissions_total', ['skill_area', 'status']],
  ['counter', 'process_cpu_seconds_total', []],
  ['histogram', 'http_request_duration_seconds', ['method', 'path']],
  ['gauge', 'http_requests_in_progress', []],
  ['gauge', 'nodejs_heap_size_total_bytes', []],
  ['histogram', 'h_seconds', []],
]

test.each(fine)('%s %s with labels %j passes', (type, name, labels) => {
  expect(offence(type, name, labels)).toBe(undefined)
})

test.each(['up', 'scrape_duration_seconds'])('%s is Prometheus’ own', (name) => {
  expect(offence('gauge', name, [])).toContain(
    'Prometheus makes a series of this name for each target itself',
  )
  expect(offence('gauge', `my_${name}`, [])).toBe(undefined)
})

test('promtool agrees on each', () => {
  const promtool = requireBinary({ name: 'promtool', install: 'apt-get install prometheus' })
  const passes = (type: MetricType, name: string, labels: readonly string[]): boolean => {
    const series = type === 'histogram' ? `${name}_bucket` : name
    const pairs = [...labels.map((l) => `${l}="1"`), ...(type === 'histogram' ? ['le="+Inf"'] : [])].join(',')
    const rest = type === 'histogram' ? `${name}_sum 1\n${name}_count 1\n` : ''
    const input = `# HELP ${name} H.\n# TYPE ${name} ${type}\n${series}{${pairs}} 1\n${rest}`
    return spawnSync(promtool, ['check', 'metrics'], { input }).status === 0
  }
  expect(fine.filter((metric) => !passes(...metric))).toEqual([])
  expect(offending.filter(([type, name, labels]) => passes(type, name, labels))).toEqual([])
})

function offence(type: MetricType, name: string, labels: readonly string[]): string | undefined {
  return styleOffence({
    type,
    name,
    help: 'H.',
    labels: labels.map((l) => ({ name: l, kind: 'String' as const })),
  })
}
