import assert from 'node:assert/strict'
import { flowName, route, steps } from './handle.mjs'

/** What each request is, from the outside in; who names a step otherwise must have its name in it. */
const tree = [
  { kind: 'server', name: `POST ${route}`, below: undefined },
  { kind: 'internal', name: flowName, below: `POST ${route}` },
  ...steps.map((step) => ({ kind: 'internal', name: step, below: flowName })),
  { kind: 'client', name: 'SELECT', below: steps[0] },
]

/** The six spans of one trace are what they should be, and each is below the one that it belongs to. */
export function holdTrace(traced, title) {
  const found = tree.map(({ kind, name }) => {
    const fitting = traced.filter((span) => span.kind === kind && span.name.includes(name))
    // A flow's name is in the route too, which is of another kind; else names are told apart.
    assert.equal(fitting.length, 1, `${title}: ${fitting.length} spans of a request are ${kind} ${name}.`)
    return fitting[0]
  })
  assert.equal(traced.length, tree.length, `${title}: a request has ${traced.length} spans.`)
  for (const [index, { below, name }] of tree.entries()) {
    const parent = found[tree.findIndex((one) => one.name === below)]
    assert.equal(found[index].parentSpanId, parent?.spanId ?? '', `${title}: ${name} is not below ${below}.`)
  }
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
