import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Child, endChildren } from './support/child.js'

afterEach(endChildren)

interface Said {
  readonly during: string
  readonly wasBlocked: boolean
  readonly afterwards: string
}

const names = [
  'jobs_total',
  'open_jobs',
  'oldest_job_seconds',
  'least_loaded_ratio',
  'job_duration_seconds',
  'worker_only_total',
  'worker_only_queue_jobs',
  'queue_jobs',
  'cache_hits_total',
]

let said: Said

beforeAll(async () => {
  const child = new Child('metrics-threads.mjs', [JSON.stringify(names)])
  if ((await child.ended).code !== 0) throw new Error(child.stderr)
  said = JSON.parse(child.stdout) as Said
})

const samples = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .toSorted()

describe('a scrape while a worker thread is blocked', () => {
  test('is answered by then', () => {
    expect(said.wasBlocked).toBe(true)
  })

  test("has every thread's numbers, the blocked one's and those of a worker's worker too", () => {
    expect(samples(said.during)).toEqual(
      [
        'jobs_total{kind="a"} 15',
        'jobs_total{kind="of-1"} 1',
        'jobs_total{kind="of-2"} 1',
        'jobs_total{kind="again"} 1',
        'jobs_total{kind="of-8"} 1',
        'open_jobs 15',
        'oldest_job_seconds 8',
        'least_loaded_ratio 1',
        'job_duration_seconds_bucket{le="1"} 1',
        'job_duration_seconds_bucket{le="2"} 2',
        'job_duration_seconds_bucket{le="+Inf"} 4',
        'job_duration_seconds_sum 15',
        'job_duration_seconds_count 4',
        'worker_only_total 14',
        'queue_jobs 7',
        'cache_hits_total 100',
      ].toSorted(),
    )
  })
})

test('workers that ended leave their counters and histograms, and take their gauges along', () => {
  const before = samples(said.during).filter((line) => /^(jobs|job_duration|worker_only)/.test(line))
  const after = samples(said.afterwards)
  expect(after.filter((line) => /^(jobs|job_duration|worker_only)/.test(line))).toEqual(before)
  expect(after.filter((line) => /^(open|oldest|least)/.test(line))).toEqual([
    'least_loaded_ratio 1',
    'oldest_job_seconds 1',
    'open_jobs 1',
  ])
})
