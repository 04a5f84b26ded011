// The load generator, a process of its own: a fixed number of keep-alive connections, each with one request in
// flight, requests rendered once at the start. Plain sockets, since a full HTTP client costs more for each request
// than a bare Fastify does, and would be what is measured on two cores.
import { connect } from 'node:net'
import { endWithParent } from './leash.mjs'
import { responseLength } from './response-length.mjs'

let sockets = []
let spinning = false
let failure

function drive(port, requests) {
  let next = sockets.length * 61
  let pending = ''
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const send = () => socket.write(requests[next++ % requests.length])
  socket.setEncoding('latin1')
  socket.on('connect', send)
  socket.on('data', (text) => {
    pending = pending === '' ? text : pending + text
    const length = responseLength(pending)
    if (length === undefined || pending.length < length) return
    if (!pending.startsWith('HTTP/1.1 200')) failure ??= pending.slice(0, 500)
    if (pending.length > length) failure ??= `more than one response to one request: ${pending.slice(0, 500)}`
    pending = ''
    send()
  })
  // A socket closed by stop() emits no error; anything else is one.
  socket.on('error', (error) => (failure ??= error.message))
  socket.on('end', () => (failure ??= 'the server closed a connection'))
  sockets.push(socket)
}

// While there is load this process never sleeps. Waking a sleeping client is kernel work inside the server's write, and
// the slower a server, the more often its client sleeps: a server that computes longer would be charged more than that.
function spin() {
  if (sockets.length > 0) setImmediate(spin)
  else spinning = false
}

process.on('message', ({ start }) => {
  if (start) {
    const requests = start.requests.map((text) => Buffer.from(text, 'latin1'))
    for (let i = 0; i < start.connections; i++) drive(start.port, requests)
    if (!spinning) spin()
    spinning = true
  } else {
    for (const socket of sockets) socket.destroy()
    sockets = []
  }
  if (failure !== undefined) process.send({ error: failure })
  else process.send({ ok: true })
})
endWithParent()
process.send({ ready: true })
