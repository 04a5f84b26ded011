import { afterEach, beforeEach, expect, test } from 'vitest'
import { counter } from '../counter.js'
import { define } from '../definition.js'
import { exemplarOf } from '../exemplars.js'
import { currentFamilies, resetMetricsForTest } from '../registry.js'
import { Store } from '../store.js'
import { mergeParts } from './merge.js'
import { parts } from './parts.js'
import { seriesOf } from './series.js'

beforeEach(resetMetricsForTest)
afterEach(() => {
  exemplarOf.ids = undefined
})

test('an exemplar goes with its own series, not with one that stands in its place since', async () => {
  const labels = { id: String }
  const store = new Store(1)
  parts.live.set('one', {
    sources: () => [seriesOf(define('counter', 'jobs_total', { help: 'J.', labels }), store)],
  })
  const c = counter('jobs_total', { help: 'J.', labels })
  exemplarOf.ids = { traceId: 'a'.repeat(32) }
  c.inc({ id: 'stays' })
  c.inc({ id: 'goes' })
  const merged = await mergeParts(currentFamilies(), ({ name }) => name === 'jobs_total')
  const jobs = merged.find(({ definition }) => definition.name === 'jobs_total')!
  c.remove({ id: 'goes' })
  c.inc({ id: 'comes' })
  expect(jobs.store.labels(1)).toBe('id="goes"')
  expect(jobs.exemplars!.get(0)).toMatchObject({ value: 1 })
  expect(jobs.exemplars!.get(1)).toBeUndefined()
})
