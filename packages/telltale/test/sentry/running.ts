import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { observeHttp } from '../../src/adapters/http.js'
import type { SentryOptions, SetupOptions } from '../../src/index.js'
import { Capture } from '../support/capture.js'
import { ask } from '../support/client.js'
import type { Ingest } from './ingest.js'

/** A running system that reports to an ingest. */
export function reporting(ingest: Ingest, sentry: SentryOptions = {}, options: SetupOptions = {}): Capture {
  return new Capture({
    version: '1.4.0',
    instance: 'host-1',
    ...options,
    sentry: { dsn: ingest.dsn, ...sentry },
    lifecycle: { flushTimeoutMs: 5000, ...options.lifecycle },
  })
}

/** One request to a service of one handler. */
export async function request(
  handle: RequestListener,
  path = '/',
  options: Parameters<typeof ask>[2] = {},
): Promise<void> {
  const server = createServer(observeHttp(handle))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await ask((server.address() as AddressInfo).port, path, options)
  } finally {
    server.close()
  }
}
