import { expect, test } from 'vitest'
import { clients, openClient, peers, promClients } from './clients.mjs'
import { sampleName, samplesOf, textOf } from './samples.mjs'

const labels = { method: 'GET', route: '/answers', outcome: 'success' }

test.each(peers)('%s counts, observes and is scraped under the names that all have', async (name) => {
  const client = await openClient(name, { maxSeries: 10 })
  const counter = client.counter('bench_a_total', Object.keys(labels))
  const histogram = client.histogram('bench_b_seconds', Object.keys(labels), [1, 2])
  counter.inc({ ...labels })
  counter.inc({ ...labels }, 2)
  client.bind(counter, { ...labels }).inc()
  histogram.observe({ ...labels }, 1.5)
  client.bind(histogram, { ...labels }).observe(3)
  const samples = samplesOf(textOf(await client.scrape()))
  expect(samples.get(sampleName('bench_a_total', labels))).toBe(4)
  expect(samples.get(sampleName('bench_b_seconds_bucket', { ...labels, le: '2' }))).toBe(1)
  expect(samples.get(sampleName('bench_b_seconds_sum', labels))).toBe(4.5)
  expect(samples.size).toBe(6)
})

test('the clients with bound children are peers', () => {
  expect(peers).toEqual(expect.arrayContaining(promClients))
  expect(Object.keys(clients)).toEqual(['telltale', ...peers])
})
