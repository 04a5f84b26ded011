import { afterEach, describe } from 'vitest'
import type { SetupOptions } from '../../src/index.js'
import type { Adapter, App, AppOptions } from './apps/app.js'
import { expressAdapter } from './apps/express.js'
import { fastify } from './apps/fastify.js'
import { http } from './apps/http.js'
import { Capture } from './capture.js'

export const adapters: readonly Adapter[] = [fastify, expressAdapter, http]

/** Starts the adapter's app with its lines kept; both end with the test. */
export type Start = (options?: AppOptions, setup?: SetupOptions) => Promise<{ app: App; log: Capture }>

/** The same suite for each adapter. */
export function eachAdapter(suite: (start: Start, name: Adapter['name']) => void, only = adapters): void {
  describe.each(only.map((adapter) => [adapter.name, adapter] as const))('%s', (name, adapter) => {
    const running: { app: App; log: Capture }[] = []
    afterEach(async () => {
      for (const { app, log } of running.splice(0)) {
        app.gate.open()
        await app.close()
        await log.telltale.shutdown()
      }
    })
    suite(async (options, setup) => {
      const log = new Capture(setup)
      const app = await adapter.start(options)
      running.push({ app, log })
      return { app, log }
    }, name)
  })
}
