import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { started } from './processes.mjs'

/** Nobody is measured broken: every service answers its probes, and each toxic dependency harms as its name says. */
export async function verify() {
  for (const name of ['telltale', 'terminus']) await holdService(name)
  await holdToxic()
  return 'every service answers its probes with 200, readiness names its eight checks, and each toxic dependency harms as its name says'
}

async function holdService(name) {
  const { child, port } = await started('service.mjs', [name])
  try {
    // Background checks answer within the first turns; until then readiness is a 503.
    await until(async () => (await probe(port, '/health/ready')).status === 200, `${name} is not ready`)
    const live = await probe(port, '/health')
    assert.deepEqual([live.status, live.body.status], [200, 'ok'], `${name}: liveness`)
    const { body } = await probe(port, '/health/ready')
    const checks = name === 'terminus' ? body.info : body.checks
    assert.equal(Object.keys(checks ?? {}).length, 8, `${name}: readiness names ${JSON.stringify(checks)}.`)
  } finally {
    await child.stop()
  }
}

const expected = { refuses: 'error', never_answers: 'timeout', slow: 'ok', half_closes: 'error' }

async function holdToxic() {
  const toxic = await started('toxic.mjs')
  const { child, port } = await started('toxic-case.mjs', [JSON.stringify(toxic.ports)])
  try {
    const flaps = new Set()
    let checks
    const hasFlapped = async () => {
      const { status, body } = await probe(port, '/health/ready')
      if (status !== 200) return false
      checks = body.checks
      flaps.add(checks.flaps.status)
      return flaps.has('ok') && flaps.has('error') && checks.never_answers.status === 'timeout'
    }
    await until(hasFlapped, 'the dependency that flaps has only ever been seen one way')
    for (const [way, status] of Object.entries(expected)) {
      for (const name of way === 'refuses' ? [way] : [way, `${way}_too`])
        assert.equal(
          checks[name].status,
          status,
          `a dependency that ${name}: ${JSON.stringify(checks[name])}`,
        )
    }
    assert(checks.slow.latency_ms >= 250, `a slow dependency answered in ${checks.slow.latency_ms} ms.`)
    assert.equal((await probe(port, '/health')).status, 200, 'liveness fails with its dependencies.')
  } finally {
    await Promise.all([child.stop(), toxic.child.stop()])
  }
}

async function probe(port, path) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`)
  return { status: answer.status, body: await answer.json() }
}

async function until(holds, otherwise) {
  const deadline = performance.now() + 20_000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${otherwise}.`)
    await pause(50)
  }
}
