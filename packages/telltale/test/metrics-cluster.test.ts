import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Child, endChildren } from './support/child.js'

afterEach(endChildren)

interface Said {
  readonly all: string
  readonly byWorker: string
  readonly withoutPrimary: string
  readonly during: string
  readonly isRunning: boolean
  readonly afterwards: string
}

let said: Said

beforeAll(async () => {
  const child = new Child('metrics-cluster.mjs')
  if ((await child.ended).code !== 0) throw new Error(child.stderr)
  said = JSON.parse(child.stdout) as Said
})

const samples = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .toSorted()

const whole = ['jobs_total{kind="a"} 7', 'oldest_job_seconds 4', 'open_jobs 7', 'worker_only_total 6']

test('a scrape has the numbers of every process, put together', () => {
  expect(samples(said.all)).toEqual(whole)
})

test('a scrape that a worker answers has them too', () => {
  expect(samples(said.byWorker)).toEqual(whole)
})

test('while the primary is blocked a scrape of a worker fails, rather than that counters fall', () => {
  expect(said.withoutPrimary).toBe('Error: the primary process did not render within 180 ms')
})

test('a blocked worker is shown by what it told last', () => {
  expect(said.isRunning).toBe(true)
  expect(samples(said.during)).toEqual(whole)
})

test('a killed worker leaves its counters, and takes its gauges along', () => {
  expect(samples(said.afterwards)).toEqual([
    'jobs_total{kind="a"} 7',
    'oldest_job_seconds 2',
    'open_jobs 3',
    'worker_only_total 6',
  ])
})

describe('a worker whose primary', () => {
  let gave: Readonly<Record<'alone' | 'asked' | 'together' | 'left' | 'later', unknown>>

  beforeAll(async () => {
    const child = new Child('metrics-cluster-alone.mjs')
    if ((await child.ended).code !== 0) throw new Error(child.stderr)
    gave = JSON.parse(child.stdout) as typeof gave
  })

  test('does not answer gives its own numbers, and does not ask at every scrape', () => {
    expect(new Set(gave.alone as string[])).toEqual(new Set(['1']))
    expect(gave.asked).toBe(1)
  })

  test('begins to answer gives those of all', () => {
    expect(gave.together).toBe('3')
  })

  test('is gone fails its scrapes, those under way too, rather than that counters fall', () => {
    expect(gave.left).toBe('Error: the connection to the primary process is closed')
    expect(gave.later).toBe('Error: the connection to the primary process is closed')
  })
})
