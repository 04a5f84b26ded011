import { describe, expect, test } from 'vitest'
import { startBackend, untilReady } from './harness/backend.js'
import type { Database } from './harness/database.js'
import { eventually } from './harness/eventually.js'
import { start } from './harness/learner.js'

/** A database goes away and returns; the service stays, says so, and works again. */
export function describeOutage(title: string, startDatabase: () => Promise<Database>): void {
  describe(`the service, when ${title}`, () => {
    test(
      'readiness goes and returns, liveness stays, every error has its context',
      { timeout: 120_000 },
      async () => {
        const database = await startDatabase()
        const backend = await startBackend(database.url)
        const { service, call, ready } = backend
        // Asked all along, about every 20 ms.
        let watching = true
        const liveness = new Set<number>()
        const watch = eventually(
          'the end of the watch',
          async () => {
            liveness.add((await fetch(`${backend.url}/health`)).status)
            return !watching
          },
          120_000,
        )
        try {
          await untilReady(backend, 200)
          const { path } = await start(backend)

          await database.halt()
          // Connections that were idle and new ones alike.
          const failures = await Promise.all([1, 2, 3, 4].map(() => call('GET', path)))
          failures.push(await call('POST', '/assessments', { user_id: 'u_1', skill_area: 'math' }))
          for (const { status, body, requestId, lines } of failures) {
            expect({ status, body }).toEqual({
              status: 500,
              body: { error: 'internal_error', request_id: requestId },
            })
            const failed = lines.find((line) => line['event'] === 'request_failed')
            expect(failed).toMatchObject({
              level: 'error',
              status: 500,
              method: expect.any(String),
              path: expect.any(String),
              error: { type: expect.any(String), message: expect.any(String), stack: expect.anything() },
            })
          }
          await untilReady(backend, 503)
          const { body } = await ready()
          expect(body).toMatchObject({ status: 'unavailable', checks: { database: { critical: true } } })
          expect(['error', 'timeout']).toContain(body.checks['database']?.status)
          expect(await backend.metric('health_check_up', { check: 'database' })).toBe(0)

          await database.resume()
          await untilReady(backend, 200)
          const again = await eventually('a good answer', async () => {
            const answer = await call('GET', path)
            return answer.status === 200 && answer
          })
          expect(again.body).toMatchObject({ status: 'started' })
          expect(service.isAlive()).toBe(true)
          watching = false
          await watch
          expect([...liveness]).toEqual([200])
          expect(await service.end()).toBe(0)
        } finally {
          watching = false
          await watch.catch(() => undefined)
          await backend.stop()
          await database.stop()
        }
      },
    )
  })
}
