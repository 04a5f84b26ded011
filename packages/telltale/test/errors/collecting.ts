import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { ErrorReport } from 'telltale'

/** A server on loopback that takes reports as a webhook does. */
export async function collecting(): Promise<{ url: string; reports: ErrorReport[]; close: () => void }> {
  const reports: ErrorReport[] = []
  const server = createServer((req, res) => {
    void text(req).then((body) => {
      reports.push(JSON.parse(body) as ErrorReport)
      res.end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, reports, close: () => void server.close() }
}
