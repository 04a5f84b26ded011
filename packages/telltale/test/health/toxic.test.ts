import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { describeWithBinary } from '../../../../scripts/testing/binaries.mjs'
import { postgresBinary, startPostgres } from '../../../../scripts/testing/postgres.mjs'
import { redisBinary, startRedis } from '../../../../scripts/testing/redis.mjs'
import { health } from '../../src/index.js'
import { type Checked, http, ioredis, nodeRedis, otherService, postgres } from '../support/dependencies.js'
import { type Mode, Toxic } from '../support/toxic.js'
import { until } from '../support/until.js'
import { Watched } from '../support/watched.js'

interface Server {
  readonly port: number
  stop(): Promise<void>
}

let toxic: Toxic
let checked: Checked
let service: Watched

/** Each mode in front of one server: seen in time, told once, and its end, too; nothing heaps up at the server. */
function survives(
  modes: readonly Mode[],
  open: (port: number) => Checked,
  start: () => Promise<Server>,
): void {
  let server: Server
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server?.stop())
  beforeEach(async () => {
    toxic = await Toxic.before(server.port)
    checked = open(toxic.port)
    service = await Watched.start(checked.check)
    await service.ready(200)
  })
  afterEach(async () => {
    await service.end()
    await toxic.become('normal')
    await checked.close()
    await toxic.close()
  })

  test.each(modes)('%s is seen, and its end', async (mode) => {
    await toxic.become(mode)
    await service.ready(503)
    await until('it goes on failing', () => service.check.failures >= 3)
    expect(toxic.open).toBeLessThanOrEqual(2)
    await toxic.become('normal')
    await service.ready(200)
    expect(service.changes).toMatchObject([
      { event: 'health_check_failed', level: 'warning', check: 'dependency', critical: true },
      { event: 'health_check_recovered', level: 'info', down_ms: expect.any(Number) as number },
    ])
  })
}

describe('another service by HTTP', () => {
  survives(['refuse', 'hang', 'hole', 'slow', 'half-close'], http, otherService)

  test('that flaps once a second is an event each time, or none where thresholds damp it', async () => {
    const often = { intervalMs: 50, timeoutMs: 250 }
    health.check('raw', checked.check, often)
    health.check('damped', checked.check, { ...often, failureThreshold: 20, successThreshold: 3 })
    await toxic.become('flap')
    await until('it flapped', () => toxic.turns >= 7)
    const of = (name: string): string[] =>
      service.changes.filter(({ check }) => check === name).map(({ event }) => event)
    expect(of('damped')).toEqual([])
    expect(of('raw').slice(0, 4)).toEqual([
      'health_check_failed',
      'health_check_recovered',
      'health_check_failed',
      'health_check_recovered',
    ])
    await toxic.become('normal')
    await service.ready(200)
  })
})

// What is in the hole is broken off and made anew by fetch and by a pool; a client of Redis waits for it as long as TCP does.
describeWithBinary(postgresBinary, 'PostgreSQL', () => {
  survives(['refuse', 'hang', 'hole', 'slow', 'half-close'], postgres, startPostgres)
})

describeWithBinary(redisBinary, 'Redis', () => {
  describe.each([
    ['redis', nodeRedis],
    ['ioredis', ioredis],
  ])('by %s', (_name, open) => survives(['refuse', 'hang', 'slow', 'half-close'], open, startRedis))
})
