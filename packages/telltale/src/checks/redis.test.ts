import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { checkRedis } from './redis.js'

const { signal } = new AbortController()
const late = (): AbortSignal => AbortSignal.abort(new Error('no answer within 5 ms'))

/** A client of either package whose answers the test gives. */
class Client extends EventEmitter {
  status?: string
  isReady?: boolean
  pings = 0
  answer: (value: unknown) => void = () => undefined
  fail: (error: Error) => void = () => undefined

  constructor(state: { status?: string; isReady?: boolean }) {
    super()
    Object.assign(this, state)
  }

  ping(): Promise<unknown> {
    this.pings++
    return new Promise((resolve, reject) => {
      this.answer = resolve
      this.fail = reject
    })
  }
}

const ready = [
  ['redis', { isReady: true }, { isReady: false }, 'the client is not ready: it is not connected'],
  [
    'ioredis',
    { status: 'ready' },
    { status: 'reconnecting' },
    'the client is not ready: its status is reconnecting',
  ],
] as const

test.each(ready)('%s: PONG passes, anything else does not', async (_name, state) => {
  const client = new Client(state)
  const check = checkRedis(client)
  for (const answer of ['PONG', Buffer.from('PONG')]) {
    const passes = check(signal)
    client.answer(answer)
    await passes
  }
  const fails = check(signal)
  client.answer(['pong', ''])
  await expect(fails).rejects.toThrow('PING was answered with pong,')
})

test.each(ready)('%s: while it hangs, one PING is under way', async (_name, state) => {
  const client = new Client(state)
  const check = checkRedis(client)
  for (let run = 0; run < 3; run++)
    await expect(check(late())).rejects.toThrow(new Error('no answer within 5 ms: PING was not answered'))
  expect(client.pings).toBe(1)
  const passes = check(signal)
  client.answer('PONG')
  await passes
  expect(client.pings).toBe(1)
})

test.each(ready)('%s: a PING that fails after its run is no unhandled rejection', async (_n, state) => {
  const client = new Client(state)
  const check = checkRedis(client)
  await expect(check(late())).rejects.toThrow('PING was not answered')
  client.fail(new Error('Socket closed unexpectedly'))
  await new Promise((resolve) => setImmediate(resolve))
  const passes = check(signal)
  client.answer('PONG')
  await passes
  expect(client.pings).toBe(2)
})

test.each(ready)('%s: once it was ready, no command waits for it', async (_name, state, lost, message) => {
  const client = new Client(state)
  const check = checkRedis(client)
  const passes = check(signal)
  client.answer('PONG')
  await passes
  Object.assign(client, lost)
  await expect(check(signal)).rejects.toThrow(new Error(message))
  expect(client.pings).toBe(1)
})

test.each(ready)('%s: before it has first been, it is waited for', async (_name, state, lost, message) => {
  const client = new Client(lost)
  const check = checkRedis(client)
  await expect(check(late())).rejects.toThrow(new Error(`no answer within 5 ms: ${message}`))
  expect([client.listenerCount('ready'), client.listenerCount('error')]).toEqual([0, 0])
  const fails = check(signal)
  client.emit('error', new Error('connect ECONNREFUSED'))
  await expect(fails).rejects.toThrow('connect ECONNREFUSED')
  const passes = check(signal)
  Object.assign(client, state)
  client.emit('ready')
  await new Promise((resolve) => setImmediate(resolve))
  client.answer('PONG')
  await passes
  expect(client.listenerCount('ready')).toBe(0)
})

test('one that connects with its first command is connected', async () => {
  const client = new Client({ status: 'wait' })
  const passes = checkRedis(client)(signal)
  expect(client.pings).toBe(1)
  client.answer('PONG')
  await passes
})

test('one that has ended fails at once', async () => {
  const check = checkRedis(new Client({ status: 'end' }))
  await expect(check(signal)).rejects.toThrow('the client is not ready: its status is end')
})

test.each([undefined, null, {}, { ping: () => 'PONG' }, { isReady: true }, { ping: 5, status: 'ready' }])(
  '%j is refused',
  (client) => {
    expect(() => checkRedis(client as never)).toThrow(
      'checkRedis(): takes a client of the package redis or ioredis, got ',
    )
  },
)
