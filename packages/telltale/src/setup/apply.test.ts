import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { thresholds } from '../log/levels.js'
import { pipeline } from '../log/pipeline.js'
import { limits } from '../metrics/limits.js'
import { counter } from '../metrics/index.js'
import { resetMetricsForTest } from '../metrics/registry.js'
import { apply } from './apply.js'

const identity = { service: 'applied' }

beforeEach(resetMetricsForTest)
afterEach(() => {
  resetMetricsForTest()
  vi.resetModules()
})

it('leaves everything as it was where an option is refused late', () => {
  apply({ log: { level: 'warning' } }, identity, {})
  counter('badly_named', { help: 'Against the practice.' })
  const before = { thresholds: { ...thresholds }, limits: { ...limits }, pipeline: { ...pipeline } }
  const options = { log: { level: 'debug' }, metrics: { strict: true, maxSeries: 7 } }
  expect(() => apply(options, { service: 'other' }, {})).toThrow(/badly_named/)
  expect({ thresholds: { ...thresholds }, limits: { ...limits }, pipeline: { ...pipeline } }).toEqual(before)
})

it('writes to one standard output from two copies of the package', async () => {
  apply({}, identity, {})
  const first = pipeline.routes[0]?.sink
  vi.resetModules()
  const copy = await import('./apply.js')
  expect(copy.apply).not.toBe(apply)
  copy.apply({}, identity, {})
  expect(first).toBeDefined()
  expect(pipeline.routes[0]?.sink).toBe(first)
})
