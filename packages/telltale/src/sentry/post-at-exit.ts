import { getSystemErrorName } from 'node:util'
import { Worker } from 'node:worker_threads'
import { flushSinks } from '../log/deliver.js'
import { show } from '../self/show.js'

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
    .on('error', ({ errno, errors }) => end(Math.min(-1, errno ?? errors?.[0]?.errno ?? -1)))
    .end(body)
})`

/** Where bodies are posted, with what headers, and who may vouch for the server. */
export interface PostTo {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly ca?: unknown
}

/**
 * Posts while the process ends, when no turn of this thread comes any more: in a thread of their own, which is waited for.
 * All of it together holds the end up for `ms` at most; `option` is who said so.
 */
export class PostAtExit {
  readonly #ms: number
  readonly #option: string
  #heldUpMs = 0

  constructor(ms: number, option: string) {
    this.#ms = ms
    this.#option = option
  }

  /** Why each was not sent, undefined where it was; a text in the place of a body is why there is none. Never throws. */
  post(to: PostTo, bodies: readonly (Uint8Array | string)[]): (string | undefined)[] {
    const whole = bodies.filter((body) => typeof body !== 'string')
    const answers = whole.length === 0 ? [] : this.#answers(to, whole)
    return bodies.map((body) => (typeof body === 'string' ? body : answers.shift()))
  }

  #answers(to: PostTo, bodies: readonly Uint8Array[]): (string | undefined)[] {
    const { origin } = to.url
    const late = `${origin} does not answer within ${this.#ms} ms (${this.#option})`
    const left = this.#ms - this.#heldUpMs
    if (left <= 0) return bodies.map(() => late)
    const startedAt = performance.now()
    try {
      // The wait may be the last of the process.
      flushSinks()
      return postWithin(to, bodies, left).map((status) => {
        if (isTaken(status)) return undefined
        if (status < 0) return `${origin} can't be reached${codeOf(status)}`
        return status === 0 ? late : `${origin} answers ${status}`
      })
    } catch (problem) {
      return bodies.map(() => show(problem))
    } finally {
      this.#heldUpMs += performance.now() - startedAt
    }
  }
}

/** As other paths name it; what has a code alone, as a certificate's error, has no number. */
function codeOf(errno: number): string {
  try {
    return errno === -1 ? '' : `: ${getSystemErrorName(errno)}`
  } catch {
    return ''
  }
}

/** The status that each was answered, a negative number where the connection failed (-1, or the error's own), 0 where nothing came in time. Throws where no thread may be started. */
function postWithin({ url, headers, ca }: PostTo, bodies: readonly Uint8Array[], ms: number): number[] {
  const cells = new Int32Array(new SharedArrayBuffer(4 * (bodies.length + 1)))
  const workerData = { cells, url: url.href, headers, ca, bodies }
  // Neither the service's preloaded modules nor its flags: they take time, and may open what is closed.
  new Worker(code, { eval: true, workerData, execArgv: [], env: {} }).unref()
  Atomics.wait(cells, 0, 0, ms)
  return [...cells.slice(1)]
}

export function isTaken(status: number): boolean {
  return status >= 200 && status < 300
}
