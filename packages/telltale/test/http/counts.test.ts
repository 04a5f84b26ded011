import { expect, test } from 'vitest'
import { openExchanges } from '../../src/http/inflight.js'
import { eachAdapter } from '../support/adapters.js'
import { ask, RawConnection } from '../support/client.js'
import { series } from '../support/scrape.js'
import { until } from '../support/until.js'

type Counts = Record<string, number>

function counts(): Counts {
  return Object.fromEntries(
    series('http_requests_total').map(({ labels, value }) => [
      `${labels['method']!} ${labels['path']!} ${labels['status']!}`,
      value,
    ]),
  )
}

const paths = [
  '/hello',
  '/users/1/orders/2',
  '/work/1/3',
  '/throw',
  '/reject',
  '/cut',
  '/stream',
  '/nowhere',
  '/reset/x',
]

eachAdapter((start) => {
  test('the metrics count what the lines tell, of requests of every kind at once', async () => {
    const { app, log } = await start()
    const before = counts()
    const asked = Array.from({ length: 180 }, (_each, n) => ask(app.port, paths[n % paths.length]!))
    const leaving = Array.from({ length: 20 }, () => {
      const client = new RawConnection(app.port)
      client.send('GET /held HTTP/1.1\r\nHost: a\r\n\r\n')
      return client
    })
    await Promise.allSettled(asked)
    await until('only those held are open', () => openExchanges().size === 20)
    for (const client of leaving) client.socket.destroy()
    await log.ended(200)
    expect(log.ends).toHaveLength(200)
    const told: Counts = { ...before }
    for (const { method, route, status } of log.ends) {
      const key = `${String(method)} ${String(route)} ${String(status)}`
      told[key] = (told[key] ?? 0) + 1
    }
    expect(counts()).toEqual(told)
    expect(told['GET /held 499']! - (before['GET /held 499'] ?? 0)).toBe(20)
    for (const gauge of series('http_requests_in_progress')) expect(gauge.value).toBe(0)
    const observed = series('http_request_duration_seconds_count').reduce((sum, { value }) => sum + value, 0)
    expect(observed).toBe(Object.values(told).reduce((sum, value) => sum + value, 0))
  })
})
