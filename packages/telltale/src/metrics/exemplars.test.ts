import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { clock } from './clock.js'
import { counter } from './counter.js'
import { exemplarOf } from './exemplars.js'
import { renderMetrics } from './expose/scrape.js'
import { resetMetricsForTest } from './registry.js'

beforeEach(resetMetricsForTest)
afterEach(() => {
  exemplarOf.ids = undefined
  vi.useRealTimers()
})

test.each([0, 1, 2])(
  'the first touch of a new series is seen while the clock is %d s behind',
  async (late) => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
    vi.advanceTimersByTime(60_000)
    clock.second = 10 + Math.floor(performance.now() / 1000) - late
    exemplarOf.ids = { traceId: 'a'.repeat(32) }
    const c = counter('jobs_total', { help: 'J.', labels: { kind: String } })
    c.inc({ kind: 'a' })
    vi.useRealTimers()
    const { chunks } = await renderMetrics({ accept: 'application/openmetrics-text' })
    expect(Buffer.concat(chunks).toString()).toContain('jobs_total{kind="a"} 1 # {trace_id="aaaa')
  },
)
