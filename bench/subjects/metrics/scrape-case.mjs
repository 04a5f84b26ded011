// scrape-case.mjs CLIENT KIND LINES SCRAPES WAYS: what series hold, then what scrapes of them take, the first, later ones,
// and with WAYS those in the client's other ways.
import { forgetPeak, peakRss, settledMemory } from '../../harness/memory.mjs'
import { endWithParent } from '../../harness/leash.mjs'
import { watched } from '../../harness/watched.mjs'
import { openClient } from './clients.mjs'
import { fill, kinds, seriesFor } from './series.mjs'

endWithParent()
const [, , name, kind] = process.argv
const [lines, scrapes, withWays] = process.argv.slice(4).map(Number)
const client = await openClient(name, { maxSeries: 200_000 })
// Code that has run once and metrics that scrape themselves are no part of a series.
await client.scrape()
const count = seriesFor(kind, lines)
const empty = await settledMemory()
fill(client, kind, count)
const full = await settledMemory()

const forgotten = forgetPeak()
const before = forgotten ? full.rssBytes : peakRss()
let bytes
const scrape = async (way) => {
  bytes = undefined
  const { ms, stallMs, result } = await watched(() => client.scrape(way))
  bytes = result
  return { ms, stallMs }
}
const first = await scrape()
const grewBytes = peakRss() - before

async function repeated(way) {
  const results = []
  for (let i = 0; i < scrapes; i++) {
    globalThis.gc()
    results.push(await scrape(way))
  }
  return results
}

const later = await repeated()
const text = Buffer.concat(bytes).toString('latin1')
const written = text.split('\n').filter((line) => line.startsWith(kinds[kind].name)).length
if (written !== count * kinds[kind].lines)
  throw new Error(`${name}: ${written} lines of ${count} series of ${kind}.`)

const ways = {}
for (const [title, way] of withWays ? Object.entries(client.ways ?? {}) : []) {
  await scrape(way)
  ways[title] = await repeated(way)
}
process.send({
  heldBytes: (full.heldBytes - empty.heldBytes) / count,
  rssBytes: (full.rssBytes - empty.rssBytes) / count,
  grewBytes: Math.max(grewBytes, 4096),
  forgotten,
  first,
  later,
  ways,
})
