import { createServer, get } from 'node:http'
import { observeHttp } from 'telltale/http'
import { context } from './event.mjs'

/** Runs `run` inside one real request to a server of this process on loopback; resolves when it has been answered. */
export function inRequest(run) {
  return new Promise((resolve, reject) => {
    const server = createServer(
      observeHttp(async (_req, res) => {
        await run().catch(reject)
        res.end()
        server.close(resolve)
      }),
    )
    server.listen(0, '127.0.0.1', () => {
      const { path, method, tenant_id } = context
      const options = { port: server.address().port, path, method, agent: false }
      get({ ...options, headers: { 'x-request-id': tenant_id } }, (res) => res.resume()).on('error', reject)
    })
  })
}
