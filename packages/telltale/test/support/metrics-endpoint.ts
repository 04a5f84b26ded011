import type { OutgoingHttpHeaders } from 'node:http'
import { afterAll, beforeAll } from 'vitest'
import { http } from './apps/http.js'
import type { App } from './apps/app.js'
import { type Answer, ask } from './client.js'

/** Our `/metrics` asked over HTTP, as Prometheus does; the server ends with the suite. */
export function metricsEndpoint(): (headers?: OutgoingHttpHeaders) => Promise<Answer> {
  let app: App
  beforeAll(async () => {
    app = await http.start()
  })
  afterAll(() => app.close())
  return (headers = {}) => ask(app.port, '/metrics', { headers })
}
