// The label sets that everybody is given.
export const methods = ['GET', 'POST', 'PUT', 'DELETE']
export const routes = ['/answers', '/reports', '/learners', '/sessions']
export const outcomes = ['success', 'refused', 'failed', 'timeout']
/** Ten bounds, and +Inf. */
export const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const linesOfHistogram = buckets.length + 3

/** The labels of one of 64 sets: every client is asked for each of them in turn. */
export const setOf = (index) => ({
  method: methods[index & 3],
  route: routes[(index >> 2) & 3],
  outcome: outcomes[(index >> 4) & 3],
})

/** 1,024 durations in seconds, as many in each decade from 1 ms to 10 s: every bucket is used, in no order. */
export const durations = Array.from({ length: 1024 }, (_, index) => 10 ** (((index * 389) % 1024) / 256 - 3))

/** What is scraped: `open` defines the metric, `fill` makes a series, `lines` is how many lines a series has. */
export const kinds = {
  counters: {
    name: 'bench_answers_total',
    lines: 1,
    open: (client) => client.counter('bench_answers_total', ['method', 'route', 'tenant']),
    fill: (metric, labels, index) => metric.inc(labels, 1 + (index % 1000)),
  },
  histograms: {
    name: 'bench_answer_duration_seconds',
    lines: linesOfHistogram,
    open: (client) =>
      client.histogram('bench_answer_duration_seconds', ['method', 'route', 'tenant'], buckets),
    fill(metric, labels, index) {
      metric.observe(labels, durations[index & 1023])
      metric.observe(labels, durations[(index + 512) & 1023])
    },
  },
}

/** As many series as `lines` lines take, the last one in full: 3 labels, of which `tenant` tells every series from every other. */
export const seriesFor = (kind, lines) => Math.ceil(lines / kinds[kind].lines)

/** A fresh object with a text that nobody has seen before, as a request brings one. */
export const distinctSet = (index) => ({
  method: methods[index & 3],
  route: routes[(index >> 2) & 3],
  tenant: `tenant_${index}`,
})

/** Defines the metric of a kind and makes `count` series of it. */
export function fill(client, kind, count) {
  const { open, fill: one } = kinds[kind]
  const metric = open(client)
  for (let index = 0; index < count; index++) one(metric, distinctSet(index), index)
}
