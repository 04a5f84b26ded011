import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { flowName, route, steps } from './handle.mjs'
import { services } from './services.mjs'
import { holdShare } from './share.mjs'

const here = (file) => fileURLToPath(new URL(file, import.meta.url))
const few = 20
const many = 2000

/** What each request is, from the outside in; who names a step otherwise must have its name in it. */
const tree = [
  { kind: 'server', name: `POST ${route}`, below: undefined },
  { kind: 'internal', name: flowName, below: `POST ${route}` },
  ...steps.map((step) => ({ kind: 'internal', name: step, below: flowName })),
  { kind: 'client', name: 'SELECT', below: steps[0] },
]

/** Starts a service that sends to a receiver on `port`; resolves to it and the port it listens on. */
export async function startService(name, port, rate) {
  const child = startChild(here('service.mjs'), [name, `http://127.0.0.1:${port}`, String(rate)])
  return { child, port: (await child.next()).port }
}

export async function startReceiver() {
  const receiver = startChild(here('receiver.mjs'))
  return { receiver, port: (await receiver.next()).port }
}

/** Nobody is measured who does less: the same bodies from all, the same spans of each request, a tenth of the traces. */
export async function verify(rate) {
  const { receiver, port } = await startReceiver()
  let expected
  for (const [name, { title, spans }] of Object.entries(services)) {
    const whole = await asked({ name, receiver, port, rate: 1, times: few })
    expected ??= whole.bodies
    assert.deepEqual(whole.bodies, expected, `${title} answers something else than the others.`)
    assert.equal(whole.count.spans, few * spans, `${title}: ${whole.count.spans} spans of ${few} requests.`)
    if (spans === 0) continue
    for (const traced of tracesOf(whole.spans)) holdTrace(traced, title)

    const part = await asked({ name, receiver, port, rate, times: many })
    holdShare({ title, spans, rate, answered: many, count: part.count })
  }
  await receiver.stop()
  return `same bodies, the same six spans a request, ${rate * 100} % of the traces and all of each`
}

/** Asks a service of its own so many times and ends it; what the receiver has got by then. */
async function asked({ name, receiver, port, rate, times }) {
  await receiver.ask('forget')
  const { child, port: at } = await startService(name, port, rate)
  const bodies = []
  for (let index = 0; index < times; index += few)
    bodies.push(...(await Promise.all(Array.from({ length: few }, (_, i) => post(at, index + i)))))
  await child.ask('close')
  await child.stop()
  const count = await receiver.ask('count')
  return { bodies, count, ...(rate === 1 && (await receiver.ask('spans'))) }
}

function tracesOf(spans) {
  const traces = new Map()
  for (const span of spans) traces.set(span.traceId, [...(traces.get(span.traceId) ?? []), span])
  return traces.values()
}

async function post(port, index) {
  const res = await fetch(`http://127.0.0.1:${port}/assessments/a_${index}/retake`, { method: 'POST' })
  assert.equal(res.status, 200)
  return res.text()
}

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
