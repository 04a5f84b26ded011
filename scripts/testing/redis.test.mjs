import { once } from 'node:events'
import { createConnection } from 'node:net'
import { expect, test } from 'vitest'
import { requireBinary } from './binaries.mjs'
import { redisBinary, startRedis } from './redis.mjs'

test('a real Redis server starts, freezes, goes away, returns on its port and ends', async () => {
  requireBinary(redisBinary)
  const redis = await startRedis()
  try {
    expect(await (await ping(redis.port)).answer()).toBe('+PONG\r\n')

    redis.freeze()
    const asked = await ping(redis.port)
    expect(await Promise.race([asked.answer(), later()])).toBe('later')
    redis.thaw()
    expect(await asked.answer()).toBe('+PONG\r\n')

    await redis.halt()
    await expect(ping(redis.port)).rejects.toThrow('ECONNREFUSED')
    await redis.resume()
    expect(await (await ping(redis.port)).answer()).toBe('+PONG\r\n')

    // Frozen, it ends all the same.
    redis.freeze()
    await redis.stop()
    await expect(ping(redis.port)).rejects.toThrow('ECONNREFUSED')
  } finally {
    await redis.stop()
  }
})

/** Connected, and asked. */
async function ping(port) {
  const socket = createConnection(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write('PING\r\n')
  const answer = once(socket, 'data').then(([data]) => {
    socket.destroy()
    return String(data)
  })
  return { answer: () => answer }
}

const later = () => new Promise((resolve) => setTimeout(resolve, 100, 'later'))
