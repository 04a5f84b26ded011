import { afterEach, beforeAll, expect, test } from 'vitest'
import { Child, endChildren } from './support/child.js'

afterEach(endChildren)

interface Said {
  readonly whileLoading: string
  readonly loaded: string
  readonly working: string
  readonly broken: string
  readonly told: readonly string[]
}

let said: Said

beforeAll(async () => {
  const child = new Child('metrics-cluster-life.mjs')
  if ((await child.ended).code !== 0) throw new Error(child.stderr)
  said = JSON.parse(child.stdout) as Said
})

test('a worker that ends before anybody scrapes leaves what it counted', () => {
  expect(said.whileLoading).toContain('\nbrief_total 5\n')
})

test('a worker that was asked while it still loaded is in later scrapes', () => {
  expect(said.whileLoading).not.toContain('late_total')
  expect(said.loaded).toContain('\nlate_total 3\n')
})

test('a gauge whose source a worker lost is gone, and is not told again', () => {
  expect(said.working).toContain('\nfailing_depth 7\n')
  expect(said.broken).not.toContain('failing_depth')
  expect(said.broken).toContain('turns_total')
  expect(said.told).not.toContain('failing_depth')
})
