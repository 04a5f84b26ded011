import Fastify from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { observeFastify } from '../../src/adapters/fastify.js'
import { Capture } from '../support/capture.js'

let out: Capture
afterEach(() => out.telltale.shutdown())

test('a wildcard route, for pages or files, does not take the endpoints', async () => {
  out = new Capture()
  const app = Fastify()
  await app.register(observeFastify)
  app.get('/*', async () => '<html>')
  app.get('/health/startup', async () => 'the app itself')
  for (const path of ['/health', '/health/ready?x=1', '/health/']) {
    const answer = await app.inject(path)
    expect(answer.json()).toMatchObject({ status: 'ok' })
  }
  expect((await app.inject('/metrics')).body).toContain('log_events_total')
  expect((await app.inject('/health/startup')).body).toBe('the app itself')
  expect((await app.inject('/page')).body).toBe('<html>')
  await app.close()
})
