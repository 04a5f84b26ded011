import { afterEach, expect, test, vi } from 'vitest'
import { openExchanges } from '../../src/http/inflight.js'
import { eachAdapter } from '../support/adapters.js'
import { ask } from '../support/client.js'
import { until } from '../support/until.js'

afterEach(() => void vi.useRealTimers())

eachAdapter((start) => {
  test('a request that runs past ten seconds is said to be stalled, then at twice its age', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
    const { app, log } = await start()
    const asked = ask(app.port, '/held', { headers: { 'x-request-id': 'stalled-1' } })
    await until('the request is open', () => openExchanges().size === 1)
    vi.advanceTimersByTime(9000)
    expect(log.events('request_stalled')).toEqual([])
    vi.advanceTimersByTime(35_000)
    expect(log.events('request_stalled').map((line) => Math.floor(Number(line['age_ms']) / 10_000))).toEqual([
      1, 2, 4,
    ])
    expect(log.events('request_stalled')[0]).toMatchObject({
      level: 'warning',
      request_id: 'stalled-1',
      route: '/held',
      method: 'GET',
      path: '/held',
    })
    app.gate.open()
    await asked
    await log.ended(1)
    // The one timer of all requests ends with the last of them; the next test begins another.
    vi.advanceTimersByTime(1000)
  })
})
