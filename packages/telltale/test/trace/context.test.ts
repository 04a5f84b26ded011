import { AsyncResource } from 'node:async_hooks'
import { EventEmitter, once } from 'node:events'
import { createServer, get } from 'node:http'
import { PassThrough, Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { MessageChannel, Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { observeHttp } from '../../src/adapters/http.js'
import { observeOutbound } from '../../src/adapters/outbound.js'
import { getLogger } from '../../src/index.js'
import { listening } from '../support/apps/listening.js'
import { Capture } from '../support/capture.js'
import { Child } from '../support/child.js'
import { ask } from '../support/client.js'
import { type Peer, peerThat } from '../outbound/calling.js'

const log = getLogger('app')
const requests = 20

let out: Capture
let peer: Peer

beforeEach(async () => {
  out = new Capture()
  observeOutbound()
  peer = await peerThat()
})
afterEach(async () => {
  await peer.close()
  await out.telltale.shutdown()
})

/** Says so in the log, and to a service of our own. */
async function speak(n: string): Promise<void> {
  log.info('spoke', { n })
  await new Promise<void>((resolve) => {
    get({ port: peer.port, path: `/${n}` }, (res) => res.resume().on('end', resolve))
  })
}

/** Speaks in whatever calls the callback that `run` is given. */
function later(run: (callback: () => void) => unknown, n: string): Promise<void> {
  return new Promise((resolve) => void run(() => resolve(speak(n))))
}

// One for all requests: what is created with the first of them must not be theirs.
const shared = new EventEmitter().setMaxListeners(0)

const ways: Record<string, (n: string) => Promise<void>> = {
  'promises that are awaited': async (n) => {
    await Promise.resolve()
    await Promise.all([wait(1), wait(2)])
    await speak(n)
  },
  'then, catch and finally': (n) =>
    Promise.reject(new Error('caught'))
      .catch(() => undefined)
      .finally(() => undefined)
      .then(() => speak(n)),
  'async generators': async (n) => {
    async function* numbers(): AsyncGenerator<string> {
      await wait(1)
      yield n
    }
    for await (const each of numbers()) await speak(each)
  },
  setTimeout: (n) => later((callback) => setTimeout(callback, 1), n),
  setImmediate: (n) => later(setImmediate, n),
  'process.nextTick': (n) => later((callback) => process.nextTick(callback), n),
  queueMicrotask: (n) => later(queueMicrotask, n),
  setInterval: (n) =>
    later((callback) => {
      const timer = setInterval(() => {
        clearInterval(timer)
        callback()
      }, 1)
    }, n),
  'streams in a pipeline': (n) =>
    pipeline(
      Readable.from([n], { objectMode: true }),
      new Transform({
        objectMode: true,
        transform: (chunk: string, _encoding, done) => setImmediate(done, null, chunk),
      }),
      async (source) => {
        for await (const chunk of source) await speak(chunk as string)
      },
    ),
  "a stream's listeners": (n) => {
    const through = new PassThrough()
    const spoken = later((callback) => through.on('end', callback), n)
    through.resume().end(n)
    return spoken
  },
  'an event emitter': async (n) => {
    const emitter = new EventEmitter()
    const spoken = later((callback) => emitter.on('go', callback), n)
    setTimeout(() => emitter.emit('go'), 1)
    await spoken
  },
  'an emitter of all, awaited': async (n) => {
    const told = once(shared, n)
    setTimeout(() => shared.emit(n), 1)
    await told
    await speak(n)
  },
  'an emitter of all, bound': (n) => {
    const spoken = later((callback) => shared.once(n, AsyncResource.bind(callback)), n)
    unrelated(() => shared.emit(n))
    return spoken
  },
  'messages of a port made inside': async (n) => {
    const { port1, port2 } = new MessageChannel()
    const spoken = later((callback) => port2.on('message', callback), n)
    port1.postMessage(n)
    await spoken
    port1.close()
  },
  'a message of a worker thread, awaited': async (n) => {
    const worker = new Worker(
      `const { parentPort } = require('node:worker_threads')
       parentPort.once('message', (n) => parentPort.postMessage(n))`,
      { eval: true },
    )
    worker.postMessage(n)
    const [answer] = (await once(worker, 'message')) as [string]
    await speak(answer)
    await worker.terminate()
  },
}

// Runs what it is given outside of every request.
const waiting: (() => void)[] = []
const outside = setInterval(() => {
  for (const run of waiting.splice(0)) run()
}, 1).unref()
function unrelated(run: () => void): void {
  waiting.push(run)
  outside.ref()
}
afterEach(() => void outside.unref())

describe('a request keeps its ids through', () => {
  test.each(Object.keys(ways))('%s', async (way) => {
    const { port, close } = await listening(
      createServer(observeHttp(async (req, res) => ways[way]!(req.url!.slice(1)).then(() => res.end()))),
    )
    const traceOf = (n: string): string => n.padStart(32, 'a')
    await Promise.all(
      Array.from({ length: requests }, async (_each, i) => {
        const headers = {
          'x-request-id': `request-${i}`,
          traceparent: `00-${traceOf(String(i))}-${'b'.repeat(16)}-01`,
        }
        expect((await ask(port, `/${i}`, { headers })).status).toBe(200)
      }),
    )
    await out.ended(requests)
    await close()

    const lines = out.events('spoke')
    expect(lines).toHaveLength(requests)
    for (const line of lines)
      expect(line).toMatchObject({
        request_id: `request-${String(line['n'])}`,
        trace_id: traceOf(String(line['n'])),
      })
    const heard = peer.heard.filter(({ headers }) => headers['x-request-id'] !== undefined)
    expect(heard).toHaveLength(requests)
    for (const { url, headers } of heard) {
      expect(headers['x-request-id']).toBe(`request-${url.slice(1)}`)
      expect(headers['traceparent']).toContain(traceOf(url.slice(1)))
    }
  })
})

test('a listener hears an emitter of all in the context of whoever emits', async () => {
  const emitter = new EventEmitter()
  emitter.on('go', () => log.info('heard'))
  const { port, close } = await listening(
    createServer(observeHttp((_req, res) => void res.end(String(emitter.emit('go'))))),
  )
  await ask(port, '/', { headers: { 'x-request-id': 'request-of-emit' } })
  await out.ended(1)
  await close()
  emitter.emit('go')
  expect(out.events('heard').map((line) => line['request_id'])).toEqual(['request-of-emit', undefined])
})

test('a flow goes on in a worker thread and back where its carrier is in the message, and nowhere else', async () => {
  const child = new Child('context-threads.mjs')
  expect(await child.ended).toEqual({ code: 0, signal: null })
  const { flow_id, trace_id } = child.one('retake_flow_started')
  for (const event of ['in_the_worker', 'back_in_main', 'retake_flow_completed'])
    expect(child.one(event)).toMatchObject({ flow_id, trace_id })
  for (const line of child.lines.filter(({ event }) => event === 'retake_flow_resumed'))
    expect(line).toMatchObject({ flow_id, trace_id })
  expect(child.one('in_the_worker')['logger']).toBe('worker')
  for (const key of ['flow_id', 'trace_id']) expect(child.one('beside_the_flow')).not.toHaveProperty(key)
})
