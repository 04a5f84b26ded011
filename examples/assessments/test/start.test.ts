import { expect, test } from 'vitest'
import pg from 'pg'
import { startEmbedded } from './harness/database.js'
import { startEntry } from './harness/entry.js'

const SETTINGS = { LOG_FORMAT: 'json', PORT: '0', GATEWAY_URL: 'http://127.0.0.1:9' }

test(
  'without a database URL the service says what is missing and ends with 1',
  { timeout: 30_000 },
  async () => {
    const service = startEntry('src/service', SETTINGS)
    expect(await service.exited).toBe(1)
    expect(service.lines).toContainEqual(
      expect.objectContaining({
        event: 'service_start_failed',
        error: expect.objectContaining({ message: expect.stringContaining('DATABASE_URL is not set') }),
      }),
    )
  },
)

test(
  'without a database the service fails at the first step of its migrations',
  { timeout: 30_000 },
  async () => {
    // Port 1 of the loopback: nobody listens.
    const service = startEntry('src/service', {
      ...SETTINGS,
      DATABASE_URL: 'postgres://test@127.0.0.1:1/test',
    })
    expect(await service.exited).toBe(1)
    const events = service.lines.map((line) => line['event'])
    expect(events).toContain('migrate_flow_failed')
    expect(events).toContain('service_start_failed')
    expect(service.lines.find((line) => line['event'] === 'migrate_flow_failed')).toMatchObject({
      last_step: 'read_applied',
      error: { code: 'ECONNREFUSED' },
    })
  },
)

test(
  'only a database that is asked for them gets the users whose password is published',
  { timeout: 60_000 },
  async () => {
    const database = await startEmbedded()
    const users = async (env: Record<string, string>): Promise<unknown> => {
      const service = startEntry('src/service', { ...SETTINGS, DATABASE_URL: database.url, ...env })
      await service.line('listening', (line) => line['event'] === 'service_listening')
      await service.end()
      const client = new pg.Client(database.url)
      await client.connect()
      const { rows } = await client.query<{ count: number }>('select count(*)::int as count from users')
      await client.end()
      return rows[0]?.count
    }
    try {
      expect(await users({})).toBe(0)
      expect(await users({ SEED_DEMO: '1' })).toBe(20)
      expect(await users({ SEED_DEMO: '1' })).toBe(20)
    } finally {
      await database.stop()
    }
  },
)
