import { buckets, durations, methods, outcomes, routes, setOf } from './series.mjs'
import { sampleName, total } from './samples.mjs'

const labelNames = ['method', 'route', 'outcome']
const sets = 64
const bound = 8
// So many that the clock costs nothing; of texts that are built beforehand so few that they stay in the cache.
const batchSize = 65_536
const builtBatch = 2048

/**
 * Every operation, on metrics of `client`: `run` does a batch of `batch` calls, `prepare` makes what they take, which is
 * not a part of their cost. Each call is for another label set than the last, or another child, or another value; a batch
 * has every set and every value equally often, so it is a multiple of 1,024.
 */
export function operations(client, batch = batchSize) {
  const counter = client.counter('bench_requests_total', labelNames)
  const histogram = client.histogram('bench_request_duration_seconds', labelNames, buckets)
  const jobs = client.counter('bench_jobs_total', [])
  const counters = Array.from({ length: bound }, (_, index) => client.bind(counter, setOf(index)))
  const histograms = Array.from({ length: bound }, (_, index) => client.bind(histogram, setOf(index)))
  const built = { method: [], route: [], outcome: [] }

  return {
    boundInc: {
      batch,
      run() {
        for (let i = 0; i < batch; i++) counters[i & 7].inc()
      },
    },
    incLiteral: {
      batch,
      run() {
        for (let i = 0; i < batch; i++)
          counter.inc({
            method: methods[i & 3],
            route: routes[(i >> 2) & 3],
            outcome: outcomes[(i >> 4) & 3],
          })
      },
    },
    incBuilt: {
      batch: builtBatch,
      prepare() {
        for (let i = 0; i < builtBatch; i++) {
          const { method, route, outcome } = setOf(i)
          built.method[i] = cutOut(method)
          built.route[i] = cutOut(route)
          built.outcome[i] = cutOut(outcome)
        }
      },
      run() {
        for (let i = 0; i < builtBatch; i++)
          counter.inc({ method: built.method[i], route: built.route[i], outcome: built.outcome[i] })
      },
    },
    boundObserve: {
      batch,
      run() {
        for (let i = 0; i < batch; i++) histograms[i & 7].observe(durations[i & 1023])
      },
    },
    observe: {
      batch,
      run() {
        for (let i = 0; i < batch; i++)
          histogram.observe(
            {
              method: methods[i & 3],
              route: routes[(i >> 2) & 3],
              outcome: outcomes[(i >> 4) & 3],
            },
            durations[i & 1023],
          )
      },
    },
    incPlain: {
      batch,
      run() {
        for (let i = 0; i < batch; i++) jobs.inc()
      },
    },
  }
}

const spaced = Object.fromEntries(
  [...methods, ...routes, ...outcomes].map((value) => [value, `; ${value}; `]),
)

/**
 * The same text anew, as parsing a request gives it: cut out of a longer one, V8 copies what is this short into a string
 * that is in no table and whose hash nobody has asked for.
 */
function cutOut(value) {
  return spaced[value].slice(2, -2)
}

/**
 * Throws unless the samples are exactly what so many calls of each operation make (`calls`): who counts fewer, or leaves
 * work to later for ever, is not measured as if it counted.
 */
export function holdCalls(samples, calls, who) {
  const hold = (what, is, should) => {
    if (is !== should) throw new Error(`${who}: ${what} is ${is}, not ${should}.`)
  }
  const labelled = calls.incLiteral + calls.incBuilt
  for (let index = 0; index < sets; index++) {
    const isBound = index < bound
    const count = sampleName('bench_requests_total', setOf(index))
    hold(count, samples.get(count), labelled / sets + (isBound ? calls.boundInc / bound : 0))
    const observed = sampleName('bench_request_duration_seconds_count', setOf(index))
    hold(observed, samples.get(observed), calls.observe / sets + (isBound ? calls.boundObserve / bound : 0))
  }
  hold('the sum of bench_requests_total', total(samples, 'bench_requests_total'), labelled + calls.boundInc)
  hold('bench_jobs_total', total(samples, 'bench_jobs_total'), calls.incPlain)
  const observations = calls.observe + calls.boundObserve
  for (const le of [...buckets, Infinity]) {
    const name = 'bench_request_duration_seconds_bucket'
    const share = durations.filter((value) => value <= le).length / durations.length
    const label = `le="${le === Infinity ? '+Inf' : le}"`
    let count = 0
    for (const [sample, value] of samples)
      if (sample.startsWith(`${name}{`) && sample.includes(label)) count += value
    hold(`the sum of ${name}{${label}}`, count, observations * share)
  }
}
