// Scrapes an endpoint again and again, every so many milliseconds or as soon as the last scrape is done; a process of
// its own.
import { Agent, get } from 'node:http'
import { createGunzip } from 'node:zlib'
import { endWithParent } from '../../harness/leash.mjs'

const agent = new Agent({ keepAlive: true, maxSockets: 1 })
let scrapes = []
let isOn = false

/** One scrape to its last byte: how long it took and how many lines it had. */
function scrape(port, headers) {
  return new Promise((resolve, reject) => {
    const begun = performance.now()
    get({ host: '127.0.0.1', port, path: '/metrics', headers, agent }, (res) => {
      if (res.statusCode !== 200) return reject(new Error(`/metrics answers ${res.statusCode}.`))
      const body = res.headers['content-encoding'] === 'gzip' ? res.pipe(createGunzip()) : res
      let lines = 0
      body.on('data', (bytes) => {
        for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines++
      })
      body.on('error', reject)
      body.on('end', () => resolve({ ms: performance.now() - begun, lines }))
    }).on('error', reject)
  })
}

async function run({ port, everyMs, headers }) {
  while (isOn) {
    const begun = performance.now()
    scrapes.push(await scrape(port, headers))
    const rest = everyMs - (performance.now() - begun)
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest))
  }
}

let running
process.on('message', async ({ start, forget }) => {
  try {
    if (start) {
      isOn = true
      scrapes.push(await scrape(start.port, start.headers))
      running = run(start)
      running.catch(() => {})
      process.send({ ok: true })
    } else if (forget) {
      scrapes = []
      process.send({ ok: true })
    } else {
      isOn = false
      await running
      process.send({ scrapes })
    }
  } catch (error) {
    process.send({ error: error.message })
  }
})
endWithParent()
process.send({ ready: true })
