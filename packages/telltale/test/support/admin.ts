import { afterEach } from 'vitest'
import type { AdminOptions } from '../../src/admin/options.js'
import type { SetupOptions } from '../../src/index.js'
import { Capture } from './capture.js'
import { type Answer, ask, type Ask } from './client.js'
import { until } from './until.js'

export interface Admin {
  readonly log: Capture
  readonly port: number
  readonly url: string
  ask(path: string, options?: Ask): Promise<Answer>
  /** A change of levels, as JSON unless it is text already. */
  put(body: unknown, headers?: Ask['headers']): Promise<Answer>
}

/** Starts a system with an admin listener; it ends with the test. */
export function adminStarter(): (admin?: AdminOptions, options?: SetupOptions) => Promise<Admin> {
  const running: Capture[] = []
  afterEach(async () => {
    for (const log of running.splice(0)) await log.telltale.shutdown()
  })
  return async (admin = { port: 0 }, options = {}) => {
    const log = new Capture({ ...options, admin })
    running.push(log)
    await until('the listener is open', () => log.events('admin_listening').length > 0)
    const url = String(log.one('admin_listening')['url'])
    const port = Number(/:(\d+)$/.exec(url)?.[1])
    return {
      log,
      port,
      url,
      ask: (path, asked) => ask(port, path, asked),
      put: (body, headers = {}) =>
        ask(port, '/log/level', {
          method: 'PUT',
          headers: { 'content-type': 'application/json', ...headers },
          body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
        }),
    }
  }
}
