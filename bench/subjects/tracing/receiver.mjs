// An OTLP/HTTP receiver, a process of its own: takes every body, answers 200 with an empty one, and looks into what it
// has got only when it is asked, so that it takes as little of the machine as it can from whom is measured.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { endWithParent } from '../../harness/leash.mjs'
import { itemsOf, spanOf } from './otlp.mjs'

const paths = { '/v1/traces': 'traces', '/v1/logs': 'logs' }
let bodies = []
let port = 0
let server

function take(req, res) {
  const kind = paths[req.url]
  const chunks = []
  req.on('data', (chunk) => chunks.push(chunk))
  req.on('end', () => {
    if (kind !== undefined)
      bodies.push({
        kind,
        bytes: Buffer.concat(chunks),
        isZipped: req.headers['content-encoding'] === 'gzip',
      })
    res.statusCode = kind === undefined ? 404 : 200
    res.setHeader('content-type', 'application/x-protobuf')
    if (server === undefined) res.setHeader('connection', 'close')
    res.setHeader('content-length', 0)
    res.end()
  })
}

async function up() {
  server = createServer(take).listen(port, '127.0.0.1')
  await once(server, 'listening')
  port = server.address().port
}

/** What is under way is still answered, so that nobody is left in doubt about what has arrived. */
async function down() {
  const closed = once(server, 'close')
  server.close()
  server = undefined
  await closed
}

const itemsIn = ({ bytes, isZipped }) => [...itemsOf(isZipped ? gunzipSync(bytes) : bytes)]

const acts = {
  async up() {
    await up()
    return { port }
  },
  async down() {
    await down()
    return { port }
  },
  forget() {
    bodies = []
    return {}
  },
  /** What has come since the last `forget`: spans, and how many traces have so many of them. */
  count() {
    const traces = new Map()
    let [spans, records, bytes] = [0, 0, 0]
    for (const body of bodies) {
      bytes += body.bytes.length
      const items = itemsIn(body)
      if (body.kind === 'logs') records += items.length
      else {
        spans += items.length
        for (const { traceId } of items.map(spanOf)) traces.set(traceId, (traces.get(traceId) ?? 0) + 1)
      }
    }
    const sizes = {}
    for (const size of traces.values()) sizes[size] = (sizes[size] ?? 0) + 1
    return { spans, records, bytes, exports: bodies.length, traces: traces.size, sizes }
  },
  spans() {
    return {
      spans: bodies
        .filter(({ kind }) => kind === 'traces')
        .flatMap(itemsIn)
        .map(spanOf),
    }
  },
}

process.on('message', async (act) => {
  try {
    process.send(await acts[act]())
  } catch (error) {
    process.send({ error: error.message })
  }
})
endWithParent()
await up()
process.send({ port })
