import { once } from 'node:events'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { startChild } from '../../harness/children.mjs'

const here = (file) => fileURLToPath(new URL(file, import.meta.url))
const open = []
afterEach(async () => {
  for (const end of open.splice(0)) await end()
})

async function listening(handle) {
  const server = createServer(handle).listen(0, '127.0.0.1')
  open.push(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  return server.address().port
}

async function started(file) {
  const child = startChild(here(file))
  open.push(() => child.stop())
  await child.next()
  return child
}

test('requests that wait for a free connection are sent and timed too', async () => {
  const held = []
  let isHeld = true
  let asked = 0
  const port = await listening((_req, res) => {
    asked++
    if (isHeld) held.push(res)
    else res.end('ok')
  })
  const load = await started('paced-load.mjs')
  await load.ask({ start: { port, path: '/', perSecond: 1000, connections: 2 } })
  await expect.poll(() => held.length, { timeout: 10_000 }).toBe(2)
  isHeld = false
  for (const res of held) res.end('ok')
  await expect.poll(() => asked, { timeout: 10_000 }).toBeGreaterThan(100)
  const { count, p50, p999, most } = await load.ask({ stop: true })
  expect(count).toBe(asked)
  expect(p50).toBeLessThanOrEqual(p999)
  expect(p999).toBeLessThanOrEqual(most)
})

test('of several paths each is asked in its turn and timed on its own', async () => {
  const asked = { '/slow': 0, '/fast': 0 }
  const port = await listening((req, res) => {
    asked[req.url]++
    if (req.url === '/slow') setTimeout(() => res.end('ok'), 50)
    else res.end('ok')
  })
  const load = await started('paced-load.mjs')
  await load.ask({ start: { port, paths: ['/slow', '/fast'], perSecond: 100, connections: 20 } })
  await expect.poll(() => asked['/fast'], { timeout: 10_000 }).toBeGreaterThan(20)
  const { count, paths } = await load.ask({ stop: true })
  expect(paths.map((path) => path.count)).toEqual([asked['/slow'], asked['/fast']])
  expect(count).toBe(asked['/slow'] + asked['/fast'])
  expect(paths[0].p50).toBeGreaterThan(paths[1].p50)
})

test('an answer that is none ends the measurement', async () => {
  let asked = 0
  const port = await listening((_req, res) => {
    asked++
    res.statusCode = 500
    res.end('no')
  })
  const load = await started('paced-load.mjs')
  await load.ask({ start: { port, path: '/', perSecond: 1000, connections: 1 } })
  await expect.poll(() => asked, { timeout: 10_000 }).toBeGreaterThan(0)
  await expect(load.ask({ stop: true })).rejects.toThrow('HTTP/1.1 500')
})

test.each(['identity', 'gzip'])('a scraper reads to the last line, again and again: %s', async (encoding) => {
  let asked = 0
  const text = 'a 1\nb 2\nc 3\n'
  const port = await listening((req, res) => {
    asked++
    if (req.headers['accept-encoding'] !== 'gzip') return res.end(text)
    res.setHeader('content-encoding', 'gzip')
    res.end(gzipSync(text))
  })
  const scraper = await started('scraper.mjs')
  await scraper.ask({ start: { port, everyMs: 5, headers: { 'accept-encoding': encoding } } })
  await expect.poll(() => asked, { timeout: 10_000 }).toBeGreaterThan(3)
  const { scrapes } = await scraper.ask({ stop: true })
  expect(scrapes.length).toBe(asked)
  expect(new Set(scrapes.map(({ lines }) => lines))).toEqual(new Set([3]))
})
