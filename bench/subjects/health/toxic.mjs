// The dependencies that services check, a process of its own: each harms whom it is asked by in its own way.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { endWithParent } from '../../harness/leash.mjs'

const answer = 'HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n'
export const slowMs = 300
const flapMs = 500
let isUp = true

const ways = {
  never_answers: (socket) => socket.resume(),
  slow: (socket) => socket.once('data', () => setTimeout(() => socket.end(answer), slowMs)),
  half_closes: (socket) => socket.resume().write('HTTP/1.1 204 ', () => socket.end()),
  flaps: (socket) => (isUp ? socket.once('data', () => socket.end(answer)) : socket.destroy()),
}

/** Listens until the process ends; resolves to its port. */
async function listening(take) {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    // Whoever gives up resets the connection, which is nothing to end over.
    socket.on('error', () => {})
    take(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: server.address().port }
}

/** A port that nobody listens on any more. */
async function refusing() {
  const { server, port } = await listening(() => {})
  server.close()
  await once(server, 'close')
  return port
}

setInterval(() => (isUp = !isUp), flapMs)
endWithParent()
const ports = { refuses: await refusing() }
for (const [name, take] of Object.entries(ways)) ports[name] = (await listening(take)).port
process.send({ ports })
