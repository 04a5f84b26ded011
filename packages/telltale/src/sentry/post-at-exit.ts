import { Worker } from 'node:worker_threads'

// As a text: a bundle of one file has no file to start a thread with.
const code = `
const { workerData } = require('node:worker_threads')
const { cells, url, headers, ca, bodies } = workerData
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
  request(url, { method: 'POST', ca, headers: { ...headers, 'content-length': body.byteLength } })
    .on('response', (response) => end(response.resume().statusCode))
    .on('error', () => end(-1))
    .end(body)
})`

/** Where bodies are posted, with what headers, and who may vouch for the server. */
export interface PostTo {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly ca?: unknown
}

/**
 * Posts bodies while the process ends, when no turn of this thread comes any more: in a thread of their own, which is
 * waited for at most `ms`. Returns for each why it was not sent, undefined where it was. Throws where no thread may be
 * started.
 */
export function postAtExit(
  { url, headers, ca }: PostTo,
  bodies: readonly Uint8Array[],
  ms: number,
  late: string,
): (string | undefined)[] {
  if (bodies.length === 0) return []
  const cells = new Int32Array(new SharedArrayBuffer(4 * (bodies.length + 1)))
  const workerData = { cells, url: url.href, headers, ca, bodies }
  // Neither the service's preloaded modules nor its flags: they take time, and may open what is closed.
  new Worker(code, { eval: true, workerData, execArgv: [], env: {} }).unref()
  Atomics.wait(cells, 0, 0, ms)
  return [...cells.slice(1)].map((status) => {
    if (isTaken(status)) return undefined
    if (status === -1) return `${url.origin} can't be reached`
    return status === 0 ? late : `${url.origin} answers ${status}`
  })
}

export function isTaken(status: number): boolean {
  return status >= 200 && status < 300
}
