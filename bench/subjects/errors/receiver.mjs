// A Sentry ingest, a process of its own: takes every envelope, and looks into it only when it is asked. It never sleeps:
// waking it would be kernel work inside the write of whom is measured, as no server elsewhere causes it.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { endWithParent } from '../../harness/leash.mjs'

let bodies = []

function take(req, res) {
  const chunks = []
  req.on('data', (chunk) => chunks.push(chunk))
  req.on('end', () => {
    bodies.push({ bytes: Buffer.concat(chunks), isZipped: req.headers['content-encoding'] === 'gzip' })
    res.setHeader('content-type', 'application/json')
    res.end('{}')
  })
}

/** The ids of the events in an envelope; those of other items are left out. */
function eventsIn({ bytes, isZipped }) {
  const lines = (isZipped ? gunzipSync(bytes) : bytes).toString().split('\n')
  const { event_id: id } = JSON.parse(lines[0])
  return lines.some((line) => line.startsWith('{"type":"event"')) ? [id] : []
}

const acts = {
  forget() {
    bodies = []
    return {}
  },
  /** What has come since the last `forget`. */
  count: () => ({ events: new Set(bodies.flatMap(eventsIn)).size, envelopes: bodies.length }),
}
const spin = () => void setImmediate(spin)
spin()
process.on('message', (act) => process.send(acts[act]()))
const server = createServer(take).listen(0, '127.0.0.1')
await once(server, 'listening')
endWithParent()
process.send({ port: server.address().port })
