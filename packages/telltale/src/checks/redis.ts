import { type EventEmitter, once } from 'node:events'
import type { CheckFunction } from '../health/options.js'
import { unobserved } from '../http/unobserved.js'
import { show } from '../self/show.js'
import { lateError, orAborted, Pending } from './pending.js'

/** The part of a client of `redis` or `ioredis` that is used. */
export interface RedisClientLike {
  /** Of `redis`. */
  readonly isReady?: boolean
  /** Of `ioredis`. */
  readonly status?: string
  ping(...args: never[]): unknown
}

/**
 * A health check of a Redis server: `PING` by a client of `redis` or `ioredis`, which must answer `PONG`. While the client is
 * not connected it fails at once, for a command would wait in the client's queue; before it has first been, it is
 * waited for. One `PING` at most is under way, however long it hangs. A client that is to connect with its first command is
 * connected by this one. Throws a TypeError for another client.
 *
 * @example
 * health.check('cache', checkRedis(client), { critical: false })
 */
export function checkRedis(client: RedisClientLike): CheckFunction {
  const { isReady, status, ping } = (client ?? {}) as Partial<RedisClientLike>
  if (typeof ping !== 'function' || (typeof isReady !== 'boolean' && typeof status !== 'string')) {
    throw new TypeError(`checkRedis(): takes a client of the package redis or ioredis, got ${show(client)}.`)
  }
  const pinging = new Pending<unknown>()
  const send = async (): Promise<unknown> => unobserved(() => (client as { ping(): unknown }).ping())
  let wasReady = false
  return async (signal) => {
    if (!takesCommands(client)) {
      if (wasReady || client.status === 'end') throw new Error(notReady(client))
      await firstReady(client, signal)
    }
    wasReady = true
    const answer = await orAborted(pinging.join(send), signal, () => 'PING was not answered')
    if (String(answer) !== 'PONG') throw new Error(`PING was answered with ${show(answer)}`)
  }
}

// One that connects with its first command waits for it.
function takesCommands({ isReady, status }: RedisClientLike): boolean {
  return isReady === true || status === 'ready' || status === 'wait'
}

/** At the start the check is there before the connection: that is no failure yet, unless connecting fails. */
async function firstReady(client: RedisClientLike, signal: AbortSignal): Promise<void> {
  const emitter = client as Partial<EventEmitter>
  if (typeof emitter.once !== 'function') throw new Error(notReady(client))
  try {
    await once(emitter as EventEmitter, 'ready', { signal })
  } catch (error) {
    throw signal.aborted ? lateError(signal, notReady(client)) : error
  }
}

function notReady({ status }: RedisClientLike): string {
  return `the client is not ready: ${status === undefined ? 'it is not connected' : `its status is ${status}`}`
}
