import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Redis } from 'ioredis'
import pg from 'pg'
import { createClient } from 'redis'
import { observePg } from '../../src/adapters/pg.js'
import { checkHttp, checkPg, checkRedis } from '../../src/checks/index.js'
import type { CheckFunction } from '../../src/health/options.js'

/** What is checked, by its client, at a port. */
export interface Checked {
  readonly check: CheckFunction
  close(): unknown
}

export const http = (port: number): Checked => ({
  check: checkHttp(`http://127.0.0.1:${port}/health`),
  close: () => undefined,
})

/** Observed, as a service has it, so that idle connections that break are told. */
export function postgres(port: number): Checked & { readonly pool: pg.Pool } {
  const connectionString = `postgres://test@127.0.0.1:${port}/postgres`
  const pool = observePg(new pg.Pool({ connectionString, max: 3 }), { pool: `pool${port}` })
  return { pool, check: checkPg(pool), close: () => pool.end() }
}

export function nodeRedis(port: number): Checked {
  const client = createClient({ socket: { host: '127.0.0.1', port, reconnectStrategy: 50 } })
  client.on('error', () => undefined)
  void client.connect().catch(() => undefined)
  return { check: checkRedis(client), close: () => client.destroy() }
}

export function ioredis(port: number): Checked {
  const client = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 50 })
  client.on('error', () => undefined)
  return { check: checkRedis(client), close: () => client.disconnect() }
}

/** Another service, which is well. */
export async function otherService(): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const server = createServer((_req, res) => res.end('ok')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
