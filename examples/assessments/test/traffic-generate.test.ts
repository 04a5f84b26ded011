import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { Exchange } from '../traffic/exchange.js'
import { generateTraffic } from '../traffic/generate.js'

/** By the ids sent: the first requests of a seed, to a service that answers after `delay()` milliseconds. */
async function sentTo(delay: () => number): Promise<Map<string, string>> {
  const server = createServer((request, response) => {
    request.resume().on('error', () => {})
    setTimeout(() => response.writeHead(404).end('{}'), delay())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const sent = new Map<string, string>()
  const ending = new AbortController()
  await generateTraffic({
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    seed: 3,
    run: 'same',
    pace: 20,
    signal: ending.signal,
    emit: (message) => {
      if (message.kind === 'report') return
      const { sent_id, trace_id, method, route }: Exchange = message
      if (sent_id !== null) sent.set(sent_id, `${method} ${route} ${trace_id}`)
      if (sent.size >= 40) ending.abort()
    },
  })
  server.closeAllConnections()
  server.close()
  return sent
}

test('how quickly the service answers does not change what a visit sends', { timeout: 60_000 }, async () => {
  const quick = await sentTo(() => 0)
  let count = 0
  const slow = await sentTo(() => (count++ % 3) * 30)
  const inBoth = [...quick.keys()].filter((id) => slow.has(id))
  expect(inBoth.length).toBeGreaterThan(10)
  expect(inBoth.map((id) => slow.get(id))).toEqual(inBoth.map((id) => quick.get(id)))
})
