import { expect, test } from 'vitest'
import { describeWithBinary } from '../../../scripts/testing/binaries.mjs'
import { postgresBinary, startPostgres } from '../../../scripts/testing/postgres.mjs'
import { startBackend, untilReady } from './harness/backend.js'
import { startReal } from './harness/database.js'
import { startEntry } from './harness/entry.js'
import { describeRoutes } from './routes-suite.js'

describeWithBinary(postgresBinary, 'a real PostgreSQL', () => {
  describeRoutes('before a real server', startReal)

  test('services that start at once migrate an empty database once', async () => {
    const database = await startReal()
    const env = {
      LOG_FORMAT: 'json',
      PORT: '0',
      DATABASE_URL: database.url,
      GATEWAY_URL: 'http://127.0.0.1:9',
    }
    const services = [1, 2, 3].map(() => startEntry('src/service', env))
    try {
      await Promise.all(
        services.map((service) => service.line('listening', (line) => line['event'] === 'service_listening')),
      )
      const applied = services.flatMap(({ lines }) =>
        lines.filter((line) => line['event'] === 'migration_applied'),
      )
      expect(applied.map((line) => line['migration']).toSorted()).toEqual([
        '001_tables',
        '002_seed',
        '003_payment_status',
      ])
    } finally {
      await Promise.all(services.map((service) => service.end()))
      await database.stop()
    }
  })

  test.runIf(process.platform === 'linux')(
    'one that stands still while it is scraped does not hold the shutdown up',
    { timeout: 60_000 },
    async () => {
      const database = await startPostgres()
      const backend = await startBackend(database.url)
      try {
        await untilReady(backend, 200)
        database.freeze()
        await fetch(`${backend.url}/metrics`)
        const { service } = backend
        expect(await service.end('SIGTERM')).toBe(0)
        const failed = service.lines.find((line) => line['event'] === 'query_failed')
        // The pool closes when it has its connections back; a query of a request may keep one for 3 s.
        expect(failed?.['duration_ms']).toBeLessThan(2000)
        expect(service.lines.at(-1)).toMatchObject({ event: 'shutdown_completed', level: 'info' })
      } finally {
        database.thaw()
        await backend.stop()
        await database.stop()
      }
    },
  )
})
