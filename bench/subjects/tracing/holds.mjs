import assert from 'node:assert/strict'
import { flowName, route, steps } from './handle.mjs'

/** What each request is, from the outside in: the same names from everybody. */
const tree = [
  { kind: 'server', name: `POST ${route}`, below: undefined },
  { kind: 'internal', name: flowName, below: `POST ${route}` },
  ...steps.map((step) => ({ kind: 'internal', name: `${flowName} ${step}`, below: flowName })),
  { kind: 'client', name: 'SELECT', below: `${flowName} ${steps[0]}` },
]

/** The six spans of one trace are what they should be, and each is below the one that it belongs to. */
export function holdTrace(traced, title) {
  const ids = new Map(traced.map(({ name, spanId }) => [name, spanId]))
  const should = tree.map(({ kind, name, below }) => [kind, name, ids.get(below) ?? ''])
  const is = traced.map(({ kind, name, parentSpanId }) => [kind, name, parentSpanId])
  assert.deepEqual(
    is.toSorted(),
    should.toSorted(),
    `${title}: these are not the spans of a request: ${is.join(' | ')}`,
  )
}

/** Each request has the lines that it should, under one trace and one request id, those of its flow with the flow's. */
export function holdLines(written, times, each, title) {
  assert.equal(written.length, times * each, `${title}: ${written.length} lines of ${times} requests.`)
  for (const lines of byTrace(written, 'trace_id')) {
    const flows = lines.filter(({ flow_id }) => flow_id !== undefined)
    const ids = new Set(lines.map(({ request_id }) => request_id))
    const isOne = lines.length === each && ids.size === 1 && flows.length === each - 1
    assert(isOne, `${title}: these are not the lines of a request: ${JSON.stringify(lines)}`)
  }
}

/** Standard deviations: one run in two million strays further by chance. */
const allowed = 5

/**
 * Holds what has arrived against what was answered: the share of traces that were to be sampled, as far as chance lets it
 * stray, and all spans of each of them. Throws with what is missing.
 */
export function holdShare({ title, spans, rate, answered, count: { traces, sizes } }) {
  const whole = sizes[spans] ?? 0
  if (whole !== traces)
    throw new Error(`${title}: ${traces - whole} of ${traces} traces arrived with other than ${spans} spans.`)
  const stray = allowed * Math.sqrt((rate * (1 - rate)) / answered)
  const share = traces / answered
  if (Math.abs(share - rate) > stray)
    throw new Error(`${title}: ${percent(share)} of ${answered} traces arrived, not ${percent(rate)}.`)
  return share
}

export const percent = (share) => `${(100 * share).toFixed(1)} %`

/** Spans or lines by the id of their trace, which they have under `key`. */
export function byTrace(all, key) {
  const traces = new Map()
  for (const one of all) traces.set(one[key], [...(traces.get(one[key]) ?? []), one])
  return [...traces.values()]
}
