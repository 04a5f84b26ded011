// Requests at a fixed rate over keep-alive connections, a process of its own. A request's time runs from when it was to
// be sent, waiting for a free connection included: a client that waits for a stalled server before it asks again would
// leave out the very requests that the stall delays. With several paths each is asked in its turn, and timed on its own.
import { connect } from 'node:net'
import { endWithParent } from '../../harness/leash.mjs'
import { responseLength } from '../../harness/response-length.mjs'
import { quantile } from '../../harness/stats.mjs'

const idle = []
const waiting = []
let times = []
let turn = 0
let from = 0
let underWay = 0
let timer
let failure

function drive(port, requests) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let pending = ''
  let since
  let which
  const send = (due) => {
    since = due
    which = turn++ % requests.length
    underWay++
    socket.write(requests[which])
  }
  socket.setEncoding('latin1')
  socket.on('data', (text) => {
    pending += text
    const length = responseLength(pending)
    if (length === undefined || pending.length < length) return
    if (!pending.startsWith('HTTP/1.1 200')) failure ??= pending.slice(0, 500)
    if (pending.length > length) failure ??= `more than one response to one request: ${pending.slice(0, 500)}`
    pending = ''
    underWay--
    if (since >= from) times[which].push(performance.now() - since)
    if (waiting.length > 0) send(waiting.shift())
    else idle.push(send)
  })
  socket.on('error', (error) => (failure ??= error.message))
  socket.on('end', () => (failure ??= 'the server closed a connection'))
  return new Promise((resolve) =>
    socket.once('connect', () => {
      idle.push(send)
      resolve()
    }),
  )
}

/** Each millisecond as many as are due by then; each connection in its turn, so that none is idle for long. */
function pace(perSecond) {
  const begun = performance.now()
  let sent = 0
  timer = setInterval(() => {
    const now = performance.now()
    for (const due = Math.floor(((now - begun) * perSecond) / 1000); sent < due; sent++) {
      if (idle.length > 0) idle.shift()(now)
      else waiting.push(now)
    }
  }, 1)
}

async function report() {
  clearInterval(timer)
  const deadline = performance.now() + 10_000
  while ((underWay > 0 || waiting.length > 0) && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 5))
  if (underWay > 0 || waiting.length > 0)
    return { error: `${underWay + waiting.length} requests had no answer.` }
  if (times.some((each) => each.length === 0)) return { error: 'nothing was asked.' }
  return { ...summary(times.flat()), paths: times.map(summary) }
}

function summary(times) {
  return {
    count: times.length,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    p999: quantile(times, 0.999),
    most: quantile(times, 1),
  }
}

function rendered(path) {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: */*\r\n\r\n`)
}

process.on('message', async ({ start, forget }) => {
  if (start) {
    const requests = (start.paths ?? [start.path]).map(rendered)
    times = requests.map(() => [])
    await Promise.all(Array.from({ length: start.connections }, () => drive(start.port, requests)))
    pace(start.perSecond)
    process.send({ ok: true })
  } else if (forget) {
    // What is under way belongs to what was before.
    from = performance.now()
    times = times.map(() => [])
    process.send({ ok: true })
  } else {
    const result = await report()
    process.send(failure === undefined ? result : { error: failure })
  }
})
endWithParent()
process.send({ ready: true })
