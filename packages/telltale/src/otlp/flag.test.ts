import { expect, it } from 'vitest'
import { flow, type SetupOptions } from '../index.js'
import { Capture } from '../../test/support/capture.js'

async function flagOf(options: SetupOptions): Promise<string> {
  const out = new Capture(options)
  const { traceparent } = await flow('send', (f) => f.handOff())
  await out.telltale.shutdown()
  return traceparent.slice(-2)
}

it('a service that sends no spans decides what those behind it record, where it is given a share', async () => {
  expect(await flagOf({})).toBe('00')
  expect(await flagOf({ otlp: { tracesSampleRate: 1 } })).toBe('01')
  expect(await flagOf({ otlp: { tracesSampleRate: 0 } })).toBe('00')
  process.env['OTEL_TRACES_SAMPLER'] = 'always_on'
  expect(await flagOf({})).toBe('01')
  delete process.env['OTEL_TRACES_SAMPLER']
  expect(await flagOf({})).toBe('00')
})
