// server.mjs CLIENT SERIES: a small route beside a /metrics of so many counters, on plain node:http.
import { createServer } from 'node:http'
import { answerMarks } from '../../harness/measured.mjs'
import { openClient } from './clients.mjs'
import { fill } from './series.mjs'

const [, , name, series] = process.argv
const client = await openClient(name, { maxSeries: 200_000 })
fill(client, 'counters', Number(series))
let served = 0
const listener = await client.listener((_req, res) => {
  served++
  res.setHeader('content-type', 'application/json')
  res.end('{"score":17,"total":40}')
})
const server = createServer(listener)
server.listen(0, '127.0.0.1', () => {
  answerMarks(() => served)
  process.send({ port: server.address().port })
})
