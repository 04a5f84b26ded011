import { beforeEach, expect, test } from 'vitest'
import { holdCalls, operations } from './operations.mjs'
import { buckets } from './series.mjs'
import { sampleName } from './samples.mjs'

/** A client as plain as can be, that a mistake can be made in: `lost` of its calls are not counted. */
function naive() {
  const samples = new Map()
  let lost = 0
  const add = (sample, n = 1) => {
    if (lost > 0) lost--
    else samples.set(sample, (samples.get(sample) ?? 0) + n)
  }
  const histogram = (name) => ({
    observe(labels, value) {
      add(sampleName(`${name}_count`, labels))
      for (const le of [...buckets, Infinity])
        if (value <= le)
          add(sampleName(`${name}_bucket`, { ...labels, le: le === Infinity ? '+Inf' : String(le) }))
    },
  })
  return {
    samples,
    lose: () => (lost = 1),
    counter: (name) => ({ inc: (labels) => add(labels === undefined ? name : sampleName(name, labels)) }),
    histogram,
    bind: (metric, labels) => ({
      inc: () => metric.inc(labels),
      observe: (value) => metric.observe(labels, value),
    }),
  }
}

let client
let all
beforeEach(() => {
  client = naive()
  all = operations(client, 1024)
})

function runAll() {
  const calls = {}
  for (const [key, { prepare, run, batch }] of Object.entries(all)) {
    prepare?.()
    run()
    calls[key] = batch
  }
  return calls
}

test('a client that counts every call is held to be right', () => {
  const calls = runAll()
  expect(() => holdCalls(client.samples, calls, 'naive')).not.toThrow()
})

test('a client that loses one call is not', () => {
  client.lose()
  const calls = runAll()
  expect(() => holdCalls(client.samples, calls, 'naive')).toThrow(/^naive: bench_requests_total.* is /)
})

test('a series that nobody asked for is seen', () => {
  const calls = runAll()
  client.samples.set('bench_requests_total{method="TRACE"}', 1)
  expect(() => holdCalls(client.samples, calls, 'naive')).toThrow('the sum of bench_requests_total')
})

test('an observation in the wrong bucket is seen', () => {
  const calls = runAll()
  const bucket = [...client.samples.keys()].find((name) => name.includes('le="0.25"'))
  client.samples.set(bucket, client.samples.get(bucket) - 1)
  expect(() => holdCalls(client.samples, calls, 'naive')).toThrow('le="0.25"')
})
