import { afterEach, beforeEach, expect, test } from 'vitest'
import { requireBinary } from '../../../../scripts/testing/binaries.mjs'
import { lintMetrics } from '../../../../scripts/testing/openmetrics.mjs'
import { promtoolBinary } from '../../../../scripts/testing/prometheus.mjs'
import { counter, flow, getLogger, histogram } from '../../src/index.js'
import { accepts, type MetricsApp, startMetricsApp } from './app.js'
import { defineKnown } from './known.js'

let app: MetricsApp
beforeEach(async () => {
  app = await startMetricsApp()
})
afterEach(() => app.close())

test('promtool has nothing to say about the text of a service at work, its process metrics included', async () => {
  requireBinary(promtoolBinary)
  defineKnown()
  histogram('known_native_seconds', { help: 'Time it took.', native: true }).observe(0.2)
  app.act = () =>
    flow('judging', {}, async (f) => {
      await f.step('first', () => getLogger('judge').info('step_taken'))
    })
  await app.work()
  // More label sets than the cap: the overflow series is judged too.
  const many = counter('known_many_total', { help: 'Counted.', labels: { id: Number }, maxSeries: 2 })
  for (let id = 0; id < 5; id++) many.inc({ id })

  const { text, type } = await app.scrape({ accept: accepts.text })
  expect(type).toMatch(/^text\/plain; ?version=0\.0\.4/)
  for (const family of [
    'process_cpu_seconds_total',
    'nodejs_eventloop_delay_seconds',
    'nodejs_gc_duration_seconds',
    'http_request_duration_seconds',
    'flow_duration_seconds',
    'log_events_total',
    'telltale_dropped_total',
    'known_hostile',
    'known_native_seconds',
  ]) {
    expect(text).toContain(`# TYPE ${family} `)
  }
  expect(lintMetrics(text)).toBe('')
})
