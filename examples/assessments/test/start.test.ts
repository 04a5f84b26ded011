import { expect, test } from 'vitest'
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
