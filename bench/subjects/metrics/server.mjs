// server.mjs CLIENT SERIES: a small route beside a /metrics of so many counters, on plain node:http.
import { createServer } from 'node:http'
import { endWithParent } from '../../harness/leash.mjs'
import { openClient } from './clients.mjs'
import { fill } from './series.mjs'

endWithParent()
const [, , name, series] = process.argv
const client = await openClient(name, { maxSeries: 200_000 })
fill(client, 'counters', Number(series))
const listener = await client.listener((_req, res) => {
  res.setHeader('content-type', 'application/json')
  res.end('{"score":17,"total":40}')
})
const server = createServer(listener)
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
