import { Worker } from 'node:worker_threads'
import type { Dsn } from './dsn.js'
import { headersOf } from './headers.js'

// As a text: a bundle of one file has no file to start a thread with.
const code = `
const { workerData } = require('node:worker_threads')
const { cells, url, headers, bodies } = workerData
const { request } = require(url.startsWith('https:') ? 'node:https' : 'node:http')
let left = bodies.length
const over = () => {
  if (--left > 0) return
  Atomics.store(cells, 0, 1)
  Atomics.notify(cells, 0)
}
bodies.forEach((body, index) => {
  let isOver = false
  const end = (status) => {
    if (isOver) return
    isOver = true
    Atomics.store(cells, index + 1, status)
    over()
  }
  request(url, { method: 'POST', headers: { ...headers, 'content-length': body.byteLength } })
    .on('response', (response) => end(response.resume().statusCode))
    .on('error', () => end(-1))
    .end(body)
})`

/**
 * Posts bodies while the process ends, when no turn of this thread comes any more: in a thread of their own, which is
 * waited for at most `ms`. Returns for each the status that was answered, -1 where the connection failed, 0 where
 * nothing came in time. Throws where no thread may be started.
 */
export function postAtExit(dsn: Dsn, bodies: readonly Uint8Array[], ms: number): number[] {
  const cells = new Int32Array(new SharedArrayBuffer(4 * (bodies.length + 1)))
  const workerData = { cells, url: dsn.url.href, headers: headersOf(dsn), bodies }
  // Neither the service's preloaded modules nor its flags: they take time, and may open what is closed.
  new Worker(code, { eval: true, workerData, execArgv: [], env: {} }).unref()
  Atomics.wait(cells, 0, 0, ms)
  return [...cells.slice(1)]
}
