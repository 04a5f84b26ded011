import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { checkEventLoop, checkHttp } from '../../src/checks/index.js'
import { errorText } from '../../src/health/check.js'
import { health } from '../../src/index.js'
import { checkNamed } from '../support/checks.js'
import { until } from '../support/until.js'
import { Watched } from '../support/watched.js'

// Answers while the thread of the test is blocked.
const service = `
  const { createServer } = require('node:http')
  const { parentPort } = require('node:worker_threads')
  createServer((req, res) => {
    parentPort.postMessage('asked')
    setTimeout(() => res.end('ok'), 50)
  }).listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port) })
`

function block(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

test('a blocked event loop is said with its delay, and fails no check whose answer was there', async () => {
  const worker = new Worker(service, { eval: true })
  const [port] = (await once(worker, 'message')) as [number]
  const billing = checkHttp(`http://127.0.0.1:${port}`)
  const watched = await Watched.start(billing, { intervalMs: 10, timeoutMs: 500 })
  try {
    await watched.ready(200)
    const options = { critical: false, intervalMs: 100 }
    health.check('event_loop', checkEventLoop({ maxDelayMs: 500 }), options)
    await until('it measures', () => checkNamed('event_loop').status === 'ok')
    const before = watched.check.checkedAt!
    await once(worker, 'message')
    block(1500)
    await until('the delay is seen', () => checkNamed('event_loop').status === 'error')
    await until('the other was answered', () => watched.check.checkedAt! > before)

    const text = errorText(checkNamed('event_loop').error)
    expect(text).toMatch(/^the event loop was blocked for \d+ ms; at most 500 are allowed$/)
    expect(Number(/\d+/.exec(text)![0])).toBeGreaterThan(1400)
    await until('the loop is free again', () => checkNamed('event_loop').status === 'ok')
    expect(watched.changes).toMatchObject([
      { event: 'health_check_failed', check: 'event_loop', critical: false },
      { event: 'health_check_recovered', check: 'event_loop' },
    ])
    await watched.ready(200)
  } finally {
    await watched.end()
    await worker.terminate()
  }
})
